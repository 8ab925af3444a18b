import { automatonOf } from './pattern-automaton.ts';
import type { PatternAutomaton } from './pattern-automaton.ts';
import { expandedSize, PatternUnreadable, readPattern } from './pattern-tree.ts';
import { re2 } from './re2-engine.ts';
import { characterSets, overlap } from './character-sets.ts';

/** Characters of one pattern. */
const MAX_PATTERN_LENGTH = 1000;
/** States after counted repetitions are written out: bounds the time RE2 needs to compile it. */
export const MAX_PATTERN_STATES = 1000;
/** Steps of the search for ambiguity; beyond, the pattern counts as unsafe. */
const MAX_SEARCH = 200_000;

/** States inside loops; each needs its set of characters worked out. */
const MAX_LOOPING_STATES = 200;
const TOO_COMPLICATED = 'it is too complicated to be proven safe';

/** Why a pattern is refused, or null when it is safe in every engine, those that backtrack included. */
export function patternFault(pattern: string): string | null {
  if (pattern.length > MAX_PATTERN_LENGTH) return `it is longer than ${MAX_PATTERN_LENGTH} characters`;
  try {
    new RegExp(pattern, 'u');
    const tree = readPattern(pattern);
    if (expandedSize(tree) > MAX_PATTERN_STATES)
      return `it is too large when written out (more than ${MAX_PATTERN_STATES} places)`;
    const fault = ambiguity(automatonOf(tree));
    if (fault !== null) return fault;
    re2(pattern);
    return null;
  } catch (error) {
    if (error instanceof PatternUnreadable) return error.message;
    return `it is not a pattern that both ECMAScript and RE2 accept (${(error as Error).message})`;
  }
}

/** States of a pattern when counted repetitions are written out; for a cap over a whole schema. */
export const patternSize = (pattern: string): number => expandedSize(readPattern(pattern));

/**
 * Whether some loop can read the same text in two ways: then an engine that backtracks tries 2^n of them. Exact for
 * loops over character sets: within each knot of the automaton, two readers start in one state, read the same text,
 * part, and meet there again.
 */
function ambiguity(automaton: PatternAutomaton): string | null {
  if (automaton.emptyLoop) return 'a part that can be empty is repeated without end';
  const knots = knotsOf(automaton);
  const looping = new Set(knots.flatMap((knot) => [...knot]));
  if (looping.size > MAX_LOOPING_STATES) return TOO_COMPLICATED;
  const sets = characterSets(automaton.sets.map((source, state) => (looping.has(state) ? source : null)));
  const search = { left: MAX_SEARCH };
  for (const knot of knots) {
    for (const state of knot) {
      const ways = [...(automaton.edges[state] ?? [])].some(([next, count]) => knot.has(next) && count > 1);
      if (ways)
        return 'a repetition is nested in another so that the same text can be split between them in many ways';
    }
    if (partAndMeet(automaton, { knot, sets, search }))
      return 'its alternatives overlap inside a repetition, so that the same text can be read in many ways';
    if (search.left <= 0) return TOO_COMPLICATED;
  }
  return null;
}

/** Sets of states that can reach each other, when they can repeat at all. */
function knotsOf({ edges }: PatternAutomaton): Array<Set<number>> {
  const forward = edges.map((next) => [...next.keys()]);
  const backward: number[][] = edges.map(() => []);
  forward.forEach((next, state) => next.forEach((target) => backward[target]?.push(state)));
  const done = new Set<number>();
  const knots: Array<Set<number>> = [];
  for (const state of edges.keys()) {
    if (done.has(state)) continue;
    const after = reach(forward, state);
    const knot = new Set([...reach(backward, state)].filter((other) => after.has(other)));
    knot.forEach((member) => done.add(member));
    if (knot.size > 0) knots.push(knot);
  }
  return knots;
}

/** States that can be reached in one step or more. */
function reach(next: number[][], from: number): Set<number> {
  const found = new Set<number>();
  const open = [...(next[from] ?? [])];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (found.has(state)) continue;
    found.add(state);
    open.push(...(next[state] ?? []));
  }
  return found;
}

interface Search {
  knot: Set<number>;
  sets: bigint[];
  search: { left: number };
}

/** Whether two readers that part inside a knot can meet again. Inside a knot, having met they can get anywhere in it. */
function partAndMeet(automaton: PatternAutomaton, { knot, sets, search }: Search): boolean {
  const next = new Map(
    [...knot].map((state) => [
      state,
      [...(automaton.edges[state]?.keys() ?? [])].filter((to) => knot.has(to)),
    ]),
  );
  const seen = new Set<number>();
  const open: Array<[number, number]> = [];
  const size = automaton.sets.length;
  const visit = (a: number, b: number): void => {
    search.left -= 1;
    if (!overlap(sets[a], sets[b]) || seen.has(a * size + b)) return;
    seen.add(a * size + b);
    open.push([a, b]);
  };
  for (const state of knot) {
    for (const a of next.get(state) ?? []) for (const b of next.get(state) ?? []) if (a < b) visit(a, b);
  }
  for (let pair = open.pop(); pair !== undefined && search.left > 0; pair = open.pop()) {
    for (const a of next.get(pair[0]) ?? []) {
      for (const b of next.get(pair[1]) ?? []) {
        if (a === b) return true;
        visit(a, b);
      }
    }
  }
  return false;
}
