/**
 * What a contract suite needs of a test runner, with the names that jest gives it. Handed in, so that this entry loads
 * without a runner: `runStoreContract({ describe, it, expect }, 'SqlRunStore', make)`.
 */
export interface TestRunner {
  describe: (name: string, body: () => void) => void;
  it: (name: string, body: () => Promise<void>) => void;
  // A matcher is what the runner makes of it: jest's own types are generic over every matcher.
  expect: (actual: unknown) => Matchers;
}

export interface Matchers {
  toBe(expected: unknown): void;
  toEqual(expected: unknown): void;
  toMatchObject(expected: object): void;
  toBeUndefined(): void;
  toBeGreaterThan(expected: number): void;
  toBeGreaterThanOrEqual(expected: number): void;
  toBeLessThanOrEqual(expected: number): void;
  toMatch(expected: RegExp): void;
  not: Pick<Matchers, 'toBe' | 'toEqual'>;
  rejects: { toBe(expected: unknown): Promise<void>; toMatchObject(expected: object): Promise<void> };
}

/** What a suite works on, made anew for every test. */
export interface Fixture {
  close?(): Promise<void>;
}

/** Runs one story on a fresh fixture and closes it, whatever comes of it. */
export function withFixture<T extends Fixture>(make: () => Promise<T> | T) {
  return (story: (fixture: T) => Promise<void>) => async (): Promise<void> => {
    const fixture = await make();
    try {
      await story(fixture);
    } finally {
      await fixture.close?.();
    }
  };
}
