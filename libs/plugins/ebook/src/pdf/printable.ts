import type { Warnings } from '../document/model.ts';
import type { Coverage } from './coverage.ts';

const LONG_WORD = /[^\s\u200b]{48,}/gu;
const ZERO_WIDTH_SPACE = '\u200b';

/** Text as the typesetter can show it: a character that no font has is spelled out, so that nothing disappears. */
export class Printable {
  private readonly covers: Coverage;
  private readonly missing = new Set<number>();

  constructor(covers: Coverage) {
    this.covers = covers;
  }

  text(value: string): string {
    // Words that fit on no line may break anywhere.
    return this.letters(value).replace(LONG_WORD, (word) =>
      [...word]
        .map((char, index) => (index > 0 && index % 16 === 0 ? ZERO_WIDTH_SPACE + char : char))
        .join(''),
    );
  }

  /** The letters alone, without places to break a line. */
  letters(value: string): string {
    let out = '';
    for (const char of value.replace(/(\p{Extended_Pictographic})[\ufe0e\ufe0f\u200d]+/gu, '$1'))
      out += this.char(char);
    return out;
  }

  /** Code for a narrow column: it may break behind its punctuation, and inside what is long all the same. */
  narrowCode(value: string): string {
    return this.text(value)
      .replace(/(?<=\w[._/:=-]+)(?=\w)/g, ZERO_WIDTH_SPACE)
      .replace(/[^\s\u200b]{17,}/gu, (word) => word.replace(/.{12}(?=.{4})/gu, `$&${ZERO_WIDTH_SPACE}`));
  }

  warn(warnings: Warnings): void {
    if (this.missing.size === 0) return;
    const shown = [...this.missing]
      .sort((a, b) => a - b)
      .slice(0, 12)
      .map(name)
      .join(', ');
    const message = `The PDF has no glyph for ${this.missing.size} character(s): ${shown}. They are spelled out as [U+...]; the EPUB has them as written.`;
    warnings.add({ code: 'PDF_GLYPH_MISSING', message });
  }

  private char(char: string): string {
    const code = char.codePointAt(0) ?? 0;
    if (code === 0x0a || code === 0x20 || code === 0x09 || this.covers(code)) return char;
    if (/\p{Default_Ignorable_Code_Point}/u.test(char)) return '';
    if (/\s/u.test(char)) return ' ';
    // A compatibility form, such as a half-width letter or one in a circle, says the same as its plain form.
    const plain = char.normalize('NFKC');
    if (plain !== char && [...plain].every((letter) => this.covers(letter.codePointAt(0) ?? 0))) return plain;
    this.missing.add(code);
    return `[${name(code)}]`;
  }
}

function name(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
