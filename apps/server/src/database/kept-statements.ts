import { protocol } from '@electric-sql/pglite';
import type { PGlite } from '@electric-sql/pglite';

interface Field {
  name: string;
  dataTypeID: number;
}
type Message = Awaited<ReturnType<PGlite['execProtocol']>>['messages'][number];

/** From the text that the database sends, by the type that it names: boolean, integer and json. Everything else stays text. */
const FROM_TEXT = new Map<number, (text: string) => unknown>([
  [16, (text) => text === 't'],
  [23, Number],
  [114, (text) => JSON.parse(text) as unknown],
]);

const OF_INSTANCE = new WeakMap<PGlite, KeptStatements>();

/**
 * Prepared statements of the embedded database, whose own interface parses and plans a statement each time it is sent:
 * for the statements of a run's step that takes several times as long as to carry them out. Parameters are text.
 */
export class KeptStatements {
  readonly #pglite: PGlite;
  readonly #fields = new Map<string, Field[]>();

  private constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  /** Those of this instance: it knows a statement by its name, whoever prepared it. */
  static of(pglite: PGlite): KeptStatements {
    const known = OF_INSTANCE.get(pglite) ?? new KeptStatements(pglite);
    OF_INSTANCE.set(pglite, known);
    return known;
  }

  /** A statement of this name is always this text. Throws what the database says. */
  query<Row>(statement: { name: string; text: string }, values: string[]): Promise<Row[]> {
    const { serialize } = protocol;
    return this.#pglite.runExclusive(async () => {
      const fields = this.#fields.get(statement.name) ?? (await this.#prepare(statement));
      const messages = await this.#send(
        serialize.bind({ statement: statement.name, values }),
        serialize.execute({}),
        serialize.sync(),
      );
      return messages.flatMap((message) => ('fieldCount' in message ? [rowOf<Row>(fields, message)] : []));
    });
  }

  async #prepare({ name, text }: { name: string; text: string }): Promise<Field[]> {
    const { serialize } = protocol;
    const messages = await this.#send(
      serialize.parse({ name, text }),
      serialize.describe({ type: 'S', name }),
      serialize.sync(),
    );
    const described = messages.find((message) => message.name === 'rowDescription');
    const fields = (described as { fields?: Field[] } | undefined)?.fields ?? [];
    this.#fields.set(name, fields);
    return fields;
  }

  async #send(...parts: Uint8Array[]): Promise<Message[]> {
    return (await this.#pglite.execProtocol(Buffer.concat(parts))).messages;
  }
}

function rowOf<Row>(fields: Field[], message: Message): Row {
  const texts = (message as unknown as { fields: Array<string | null> }).fields;
  const row: Record<string, unknown> = {};
  for (const [position, { name, dataTypeID }] of fields.entries()) {
    const text = texts[position] ?? null;
    const read = FROM_TEXT.get(dataTypeID);
    row[name] = text === null || read === undefined ? text : read(text);
  }
  return row as Row;
}
