import { isDeepStrictEqual } from 'node:util';

import { expect } from '@jest/globals';

const LOOK_AGAIN_MS = 50;

/** Looks again and again until it is so; fails with what it is when it never gets there. */
export async function untilSo<T>(look: () => T | Promise<T>, wanted: T, timeoutMs = 30_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (isDeepStrictEqual(found, wanted)) return;
    if (Date.now() > end) return expect(found).toEqual(wanted);
    await new Promise((later) => setTimeout(later, LOOK_AGAIN_MS));
  }
}
