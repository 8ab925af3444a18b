import { PatternUnreadable } from './pattern-tree.ts';
import type { PatternTree } from './pattern-tree.ts';

/**
 * The automaton of a pattern by Glushkov's construction: one state per character set, edges to the sets that may
 * follow. `ways` counts how often an edge arises: twice means that one text can be read in two ways.
 */
export interface PatternAutomaton {
  /** Source of the character set of each state. */
  sets: string[];
  /** From state to state: number of ways. */
  edges: Array<Map<number, number>>;
  /** A part that repeats without end although it can be empty. */
  emptyLoop: boolean;
}

/** First and last states of a part, and whether it can be empty. */
interface Ends {
  first: number[];
  last: number[];
  nullable: boolean;
}

const NOTHING: Ends = { first: [], last: [], nullable: true };

/** Counted repetitions are cut to two copies: enough to see whether a loop around them can be read in two ways. */
const COPIES = 2;

/** A part repeated this often counts as repeated without end: 2^8 ways are as good as too many. */
const MANY = 8;
/** Bounds the time to build and search the automaton. */
const MAX_EDGES = 20_000;

export function automatonOf(tree: PatternTree): PatternAutomaton {
  const builder = new Builder();
  builder.add(tree);
  return builder.automaton;
}

class Builder {
  #edges = 0;
  readonly automaton: PatternAutomaton = { sets: [], edges: [], emptyLoop: false };

  add(tree: PatternTree): Ends {
    switch (tree.kind) {
      case 'empty':
        return NOTHING;
      case 'set': {
        const state = this.automaton.sets.push(tree.source) - 1;
        this.automaton.edges.push(new Map());
        return { first: [state], last: [state], nullable: false };
      }
      case 'choice':
        return tree.parts
          .map((part) => this.add(part))
          .reduce((a, b) => ({
            first: [...a.first, ...b.first],
            last: [...a.last, ...b.last],
            nullable: a.nullable || b.nullable,
          }));
      case 'sequence':
        return tree.parts.reduce((ends, part) => this.#then(ends, this.add(part)), NOTHING);
      case 'repeat':
        return this.#repeat(tree);
    }
  }

  #repeat({ min, max, part }: Extract<PatternTree, { kind: 'repeat' }>): Ends {
    const endless = max >= MANY;
    const needed = Math.min(min, COPIES);
    const optional = endless
      ? needed === 0
        ? 1
        : 0
      : Math.min(max - min, COPIES - needed > 0 ? COPIES - needed : 1);
    let ends = NOTHING;
    for (let copy = 0; copy < needed; copy += 1) {
      const inside = this.add(part);
      if (endless && copy === needed - 1) this.#loop(inside);
      ends = this.#then(ends, inside);
    }
    for (let copy = 0; copy < optional; copy += 1) {
      const inside = this.add(part);
      if (endless) this.#loop(inside);
      ends = this.#then(ends, { ...inside, nullable: true });
    }
    return ends;
  }

  #loop(ends: Ends): void {
    if (ends.nullable) this.automaton.emptyLoop = true;
    this.#link(ends.last, ends.first);
  }

  #then(a: Ends, b: Ends): Ends {
    this.#link(a.last, b.first);
    return {
      first: a.nullable ? [...a.first, ...b.first] : a.first,
      last: b.nullable ? [...a.last, ...b.last] : b.last,
      nullable: a.nullable && b.nullable,
    };
  }

  #link(from: number[], to: number[]): void {
    for (const state of from) {
      const edges = this.automaton.edges[state];
      for (const next of to) edges?.set(next, (edges.get(next) ?? 0) + 1);
      this.#edges += to.length;
      if (this.#edges > MAX_EDGES) throw new PatternUnreadable('it is too complicated to be proven safe');
    }
  }
}
