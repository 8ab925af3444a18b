/**
 * The structure of a regular expression: what repeats what. Only patterns that both ECMAScript (`u` flag) and RE2
 * accept are read, so the syntax is the intersection: groups, alternatives, classes, escapes, quantifiers, anchors.
 */
export type PatternTree =
  | { kind: 'set'; /** Source of one character class or character, as ECMAScript reads it. */ source: string }
  | { kind: 'empty' }
  | { kind: 'sequence' | 'choice'; parts: PatternTree[] }
  | { kind: 'repeat'; min: number; /** Infinite for `*`, `+` and `{n,}`. */ max: number; part: PatternTree };

/** Groups inside one another. */
const MAX_GROUPS = 50;

/** Reads a pattern that is known to be well formed. Throws PatternUnreadable for what has no place in the intersection. */
export function readPattern(pattern: string): PatternTree {
  return new PatternReader(pattern).read();
}

export class PatternUnreadable extends Error {}

class PatternReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): PatternTree {
    const tree = this.#choice();
    if (this.#at < this.#text.length) throw new PatternUnreadable('a parenthesis is not opened');
    return tree;
  }

  #choice(): PatternTree {
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'choice', parts };
  }

  #sequence(): PatternTree {
    const parts: PatternTree[] = [];
    while (this.#at < this.#text.length && !this.#is('|') && !this.#is(')')) parts.push(this.#repeated());
    return { kind: 'sequence', parts };
  }

  #repeated(): PatternTree {
    const part = this.#atom();
    const found = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(this.#text.slice(this.#at, this.#at + 24));
    if (!found) return part;
    this.#at += found[0].length;
    const [, sign, min, comma, max] = found;
    if (sign !== undefined)
      return { kind: 'repeat', min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity, part };
    const least = Number(min);
    const most = comma === undefined ? least : max === '' ? Infinity : Number(max);
    return { kind: 'repeat', min: least, max: most, part };
  }

  #atom(): PatternTree {
    if (this.#is('(')) return this.#group();
    if (this.#is('[')) return { kind: 'set', source: this.#class() };
    if (this.#is('\\')) return this.#escape();
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    if (character === '^' || character === '$') return { kind: 'empty' };
    return { kind: 'set', source: character === '/' ? '\\/' : character };
  }

  #group(): PatternTree {
    this.#at += 1;
    if (this.#is('?')) {
      const named = /^\?<[A-Za-z_]\w*>/.exec(this.#text.slice(this.#at));
      if (named) this.#at += named[0].length;
      else if (this.#text.startsWith('?:', this.#at)) this.#at += 2;
      else throw new PatternUnreadable('look-around and flags are not supported');
    }
    this.#depth += 1;
    if (this.#depth > MAX_GROUPS) throw new PatternUnreadable(`groups nest more than ${MAX_GROUPS} deep`);
    const inside = this.#choice();
    this.#depth -= 1;
    this.#at += 1;
    return inside;
  }

  #class(): string {
    const start = this.#at;
    for (this.#at += 1; this.#at < this.#text.length && !this.#is(']'); this.#at += 1) {
      if (this.#is('\\')) this.#at += 1;
    }
    this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #escape(): PatternTree {
    const found =
      /^\\(?:[pP]\{[^}]*\}|u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|[\s\S])/u.exec(
        this.#text.slice(this.#at, this.#at + 64),
      );
    if (!found) throw new PatternUnreadable('an escape is not complete');
    this.#at += found[0].length;
    if (/^\\[bB]$/.test(found[0])) return { kind: 'empty' };
    if (/^\\[1-9k]/.test(found[0])) throw new PatternUnreadable('references to groups are not supported');
    return { kind: 'set', source: found[0] };
  }

  #is(character: string): boolean {
    return this.#text[this.#at] === character;
  }

  #take(character: string): boolean {
    const found = this.#is(character);
    if (found) this.#at += 1;
    return found;
  }
}

/** Places of the automaton that RE2 makes of it: counted repetitions are written out. */
export function expandedSize(tree: PatternTree): number {
  if (tree.kind === 'set') return 1;
  if (tree.kind === 'empty') return 0;
  if (tree.kind === 'repeat')
    return expandedSize(tree.part) * Math.max(1, Number.isFinite(tree.max) ? tree.max : tree.min);
  return tree.parts.reduce((sum, part) => sum + expandedSize(part), 0);
}
