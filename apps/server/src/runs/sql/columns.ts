/** Between the values of a column, and for a value that is not there. No JSON text holds them, and `storable` text neither. */
const SEPARATOR = '\u001e';
const NOTHING = '\u001f';

/**
 * One column of many rows as one text parameter, so that a statement is the same for one row and for many. As a
 * PostgreSQL array every quote of a document would be escaped here and unescaped there, and as one JSON array every
 * document would be parsed twice; a text is only cut up. A single empty text comes out as null.
 */
export function column<Row>(rows: Row[], value: (row: Row) => string | number | boolean | null): string {
  let text = '';
  for (let index = 0; index < rows.length; index += 1) {
    if (index > 0) text += SEPARATOR;
    text += value(rows[index]!) ?? NOTHING;
  }
  return text;
}

/** SQL that reads the parameters from `first` on as the columns of a table. All of them are text: cast them where they are used. */
export function columnsAsTable(alias: string, first: number, names: string[]): string {
  const cut = names.map((_, index) => `string_to_table($${first + index}::text, chr(30), chr(31))`);
  return `rows from (${cut.join(', ')}) as ${alias}(${names.join(', ')})`;
}

/** `text` holds no NUL, and a column no separator. Documents may hold anything: JSON has escapes for it. */
export function storable(text: string): string {
  return text.replaceAll(UNSTORABLE, '\uFFFD');
}

// eslint-disable-next-line no-control-regex -- these control characters are what it is about
const UNSTORABLE = /[\u0000\u001e\u001f]/g;
