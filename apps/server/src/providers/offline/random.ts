import { createHash } from 'node:crypto';

/** Numbers that depend on nothing but a seed: the same request always gets the same text. */
export interface Random {
  /** 0 <= n < below; `below` is at least 1. */
  int(below: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** A generator of its own for a part, so that a change in one part leaves the others as they were. */
  fork(label: string | number): Random;
}

export function createRandom(seed: string): Random {
  const hash = createHash('sha256').update(seed).digest();
  let state = hash.readUInt32LE(0);
  const next = (): number => {
    // mulberry32: 32 bits of state are plenty for choosing words.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    int,
    pick: (list) => list[int(list.length)] ?? list[0],
    fork: (label) => createRandom(`${hash.toString('hex')}/${label}`),
  };
}
