import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { beforeAll, describe, expect, it, jest } from '@jest/globals';

import { BUGS, noticed, stormWith } from './planted/bugs.ts';
import { findPrograms } from './services/programs.ts';
import { SeededRandom } from './storm/random.ts';
import { makeSchedule } from './storm/schedule.ts';
import { stormFor } from './storm/profiles.ts';
import { runStorm } from './storm/storm.ts';
import type { StormResult } from './storm/storm.ts';
import { summaryOf } from './storm/summary.ts';

// A storm goes by its faults, not by the clock: on a busy machine processes take long to come back, and so does it.
jest.setTimeout(1_800_000);

const { programs, missing } = findPrograms();
const asked = process.env['CHAOS_STORM'] !== undefined;
const suite = programs === null || !asked ? describe.skip : describe;
const why =
  missing.length > 0
    ? ` (not on this machine: ${missing.join(', ')})`
    : asked
      ? ''
      : ' (CHAOS_STORM is not set)';
const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 100_000);

/**
 * A minute of everything at once over real processes with services of their own. When it fails it prints its seed:
 * `npm run chaos -- --seed N` does the same to whom, in the same order.
 */
suite(`a storm of a minute${why}`, () => {
  let result: StormResult;
  let story = '';
  beforeAll(async () => {
    result = await runStorm(stormFor(programs!, { seed, seconds: 60 }));
    story = summaryOf(result);
  });

  it.each(['O1', 'O2', 'O3', 'O4', 'O5', 'O6', 'O7', 'O8', 'O9'] as const)('leaves %s unbroken', (oracle) => {
    const found = result.breaches[oracle];
    expect(found.length === 0 ? '' : story).toBe('');
  });

  it('met nothing that nobody expects', () => {
    expect(result.surprises.length === 0 ? '' : story).toBe('');
  });

  it('was one: kills, pauses, stops of PostgreSQL, an empty Redis and lost answers came as ordered', () => {
    const came = (kind: string): number =>
      result.evidence.faults.filter((fault) => fault.kind.startsWith(kind) && fault.hit).length;
    expect(came('kill-server') + came('kill-worker')).toBeGreaterThanOrEqual(60);
    expect(came('pause')).toBeGreaterThanOrEqual(18);
    expect(came('stop-postgres')).toBeGreaterThanOrEqual(5);
    expect(came('flush-redis')).toBeGreaterThanOrEqual(5);
    expect(result.facts.lostAnswers).toBeGreaterThanOrEqual(5);
    expect(result.evidence.runs.length).toBe(200);
  });

  it('put the runs that end every process into quarantine, and let all others end well', () => {
    const states = (poison: boolean): string[] => [
      ...new Set(
        result.evidence.runs
          .filter(({ template }) => (template === 'poison') === poison)
          .map(({ state }) => state),
      ),
    ];
    expect(states(true)).toEqual(['failed']);
    expect(states(false)).toEqual(['done']);
  });
});

suite(`a storm over a product with a bug${why}`, () => {
  // The others are proven by `npm run chaos -- --planted`.
  it.each(BUGS.filter(({ name }) => name === 'read-then-write approval'))('fails: $name', async (bug) => {
    const result = await stormWith(bug, programs!, seed);
    expect({ story: summaryOf(result), by: noticed(bug, result) }).not.toMatchObject({ by: [] });
  });
});

describe('a planted bug', () => {
  it.each(BUGS)('fits the product as it is: $name', ({ module }) => {
    const path = join(import.meta.dirname, 'planted', module);
    const { status, stderr } = spawnSync(process.execPath, ['--import', path, '--eval', ''], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('the schedule of a storm', () => {
  const schedule = (from: number) =>
    makeSchedule({
      ...{ random: new SeededRandom(from), durationMs: 60_000, leaseMs: 2_000, redis: true },
      servers: ['server-1', 'server-2'],
      workers: ['worker-1', 'worker-2'],
      counts: {
        ...{ kills: 60, terminations: 3, pauses: 20, postgresStops: 5 },
        ...{ lostAnswers: 12, cuts: 4, flushes: 5, redisKills: 2 },
      },
    });

  it('follows from the seed, and another seed gives another', () => {
    expect(schedule(7)).toEqual(schedule(7));
    expect(schedule(7)).not.toEqual(schedule(8));
  });

  it('kills every process, pauses each for longer than its lease, and stays within its time', () => {
    const faults = schedule(7);
    const targets = (kind: string) =>
      new Set(faults.filter((fault) => fault.kind.startsWith(kind)).map(({ target }) => target));
    const processes = new Set(['server-1', 'server-2', 'worker-1', 'worker-2']);
    expect(new Set([...targets('kill-server'), ...targets('kill-worker')])).toEqual(processes);
    expect(targets('pause')).toEqual(processes);
    for (const { kind, amount } of faults) if (kind === 'pause') expect(amount).toBe(3_000);
    expect(Math.max(...faults.map(({ at }) => at))).toBeLessThan(60_000);
  });
});
