import type { Place, ScalarNode } from './source-node.ts';

/** Where a range of a text value stands in its file, whatever way the value is quoted, folded or indented there. */
export function placeIn(node: ScalarNode, start: number, end: number): Place {
  const offsets = alignment(node);
  const from = offsets[start] ?? node.end;
  const last = end > start ? offsets[end - 1] : undefined;
  return { source: node.source, start: from, end: last === undefined ? from : last + 1 };
}

/** For each character of the value, its offset in the file. */
function alignment(node: ScalarNode): number[] {
  const raw = node.source.text.slice(node.start, node.end);
  const value = typeof node.value === 'string' ? node.value : raw;
  return new Aligner(raw, value).run().map((offset) => node.start + offset);
}

const SPACE = /\s/;
const ESCAPE_LENGTHS: Record<string, number> = { x: 4, u: 6, U: 10 };

/** Walks the raw text and the value side by side. */
class Aligner {
  readonly #raw: string;
  readonly #value: string;
  readonly #block: boolean;
  readonly #quote: string;
  readonly #indent: number;
  readonly #offsets: number[] = [];
  #at = 0;

  constructor(raw: string, value: string) {
    this.#raw = raw;
    this.#value = value;
    const first = raw[0] ?? '';
    this.#block = first === '|' || first === '>';
    this.#quote = first === '"' || first === "'" ? first : '';
    if (this.#quote !== '') this.#at = 1;
    if (this.#block) this.#at = raw.indexOf('\n') + 1;
    this.#indent = this.#block ? (/^[^\n]*\n(?:[ \t]*\r?\n)*( *)/.exec(raw)?.[1]?.length ?? 0) : 0;
    this.#skipIndent();
  }

  run(): number[] {
    while (this.#offsets.length < this.#value.length && this.#at <= this.#raw.length) this.#step();
    return this.#offsets;
  }

  #step(): void {
    const wanted = this.#value[this.#offsets.length] ?? '';
    const found = this.#raw[this.#at] ?? '';
    if (this.#quote === '"' && found === '\\') this.#escape();
    else if (this.#quote === "'" && found === "'" && wanted === "'") this.#take(2);
    else if (found === wanted) {
      this.#take(1);
      if (wanted === '\n') this.#skipIndent();
    } else if (SPACE.test(wanted) && SPACE.test(found)) this.#fold();
    else if (SPACE.test(found)) this.#at += 1;
    else this.#take(1);
  }

  #take(length: number): void {
    this.#offsets.push(this.#at);
    this.#at += length;
  }

  /** A line break and the indentation after it stand for one space. */
  #fold(): void {
    this.#offsets.push(this.#at);
    while (SPACE.test(this.#raw[this.#at] ?? '')) this.#at += 1;
  }

  #escape(): void {
    const kind = this.#raw[this.#at + 1] ?? '';
    if (kind === '\n' || kind === '\r') {
      this.#at += 1;
      while (SPACE.test(this.#raw[this.#at] ?? '')) this.#at += 1;
      return;
    }
    const length = ESCAPE_LENGTHS[kind] ?? 2;
    const code = length === 10 ? Number.parseInt(this.#raw.slice(this.#at + 2, this.#at + 10), 16) : 0;
    if (code > 0xffff) this.#offsets.push(this.#at);
    this.#take(length);
  }

  #skipIndent(): void {
    for (let skipped = 0; skipped < this.#indent && this.#raw[this.#at] === ' '; skipped += 1) this.#at += 1;
  }
}
