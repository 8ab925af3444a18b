import { withFixture } from './test-runner.ts';
import type { Fixture, TestRunner } from './test-runner.ts';
import type { Clock } from '../../ports/clock.ts';

export interface ClockFixture extends Fixture {
  clock: Clock;
  /** Lets this much time pass: by waiting, or by moving a clock that stands. */
  pass: (ms: number) => Promise<void>;
}

/** What every implementation of the clock port does. */
export function clockContract(
  runner: TestRunner,
  name: string,
  make: () => Promise<ClockFixture> | ClockFixture,
): void {
  const use = withFixture(make);
  const { it, expect } = runner;
  runner.describe(`${name} keeps the contract of a clock`, () => {
    it(
      'says the time in UTC with milliseconds, and it goes on',
      use(async ({ clock, pass }) => {
        const before = clock.now();
        expect(before).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        await pass(20);
        expect(Date.parse(clock.now()) - Date.parse(before)).toBeGreaterThanOrEqual(15);
      }),
    );

    it(
      'calls back once, after the time and not before',
      use(async ({ clock, pass }) => {
        let calls = 0;
        clock.after(50, () => (calls += 1));
        await pass(10);
        expect(calls).toBe(0);
        await pass(200);
        expect(calls).toBe(1);
        await pass(100);
        expect(calls).toBe(1);
      }),
    );

    it(
      'does not call back what was withdrawn',
      use(async ({ clock, pass }) => {
        let calls = 0;
        const withdraw = clock.after(20, () => (calls += 1));
        withdraw();
        withdraw();
        await pass(100);
        expect(calls).toBe(0);
      }),
    );

    it(
      'never calls back at once, also when there is nothing to wait for',
      use(async ({ clock, pass }) => {
        let calls = 0;
        clock.after(0, () => (calls += 1));
        expect(calls).toBe(0);
        await pass(50);
        expect(calls).toBe(1);
      }),
    );
  });
}
