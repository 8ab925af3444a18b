/** As much of PostgreSQL's wire protocol (version 3) as it takes to see where a commit ends. */

/** A message as it came, header included. */
export interface WireMessage {
  /** One letter; empty for the first message of a client, which has none. */
  type: string;
  body: Buffer;
  whole: Buffer;
}

/** Cuts a stream of bytes into messages. */
export class WireReader {
  #rest: Buffer = Buffer.alloc(0);
  #untyped: boolean;

  /** A client's first message has no type. */
  constructor(side: 'client' | 'server') {
    this.#untyped = side === 'client';
  }

  read(chunk: Buffer): WireMessage[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: WireMessage[] = [];
    for (let next = this.#next(); next !== null; next = this.#next()) messages.push(next);
    return messages;
  }

  #next(): WireMessage | null {
    const start = this.#untyped ? 0 : 1;
    if (this.#rest.length < start + 4) return null;
    const end = start + this.#rest.readInt32BE(start);
    if (this.#rest.length < end) return null;
    const whole = this.#rest.subarray(0, end);
    this.#rest = this.#rest.subarray(end);
    const type = this.#untyped ? '' : String.fromCharCode(whole[0]!);
    this.#untyped = false;
    return { type, body: whole.subarray(start + 4), whole };
  }
}

const WRITES = /\b(?:insert\s+into|update|delete\s+from|commit)\b/i;

/** Follows what a client sends and knows of the statement under way whether it writes. */
export class StatementWatch {
  readonly #prepared = new Map<string, { name: string; writes: boolean }>();
  #underWay: { name: string; writes: boolean } | null = null;

  /** Name of the writing statement whose answer comes next; null when it only reads. */
  get writing(): string | null {
    return this.#underWay?.writes === true ? this.#underWay.name : null;
  }

  sent({ type, body }: WireMessage): void {
    if (type === 'Q') this.#underWay = statement('simple query', textAt(body, 0).text);
    if (type === 'P') {
      const name = textAt(body, 0);
      const { text } = textAt(body, name.end);
      this.#prepared.set(name.text, statement(name.text === '' ? text.slice(0, 40) : name.text, text));
    }
    if (type === 'B') this.#underWay = this.#prepared.get(textAt(body, textAt(body, 0).end).text) ?? null;
  }
}

function statement(name: string, text: string): { name: string; writes: boolean } {
  return { name, writes: WRITES.test(text) };
}

/** A text that ends with a NUL, and where the next thing begins. */
function textAt(body: Buffer, start: number): { text: string; end: number } {
  const nul = body.indexOf(0, start);
  return { text: body.toString('utf8', start, nul), end: nul + 1 };
}
