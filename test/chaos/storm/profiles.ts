import type { Programs } from '../services/programs.ts';
import type { FaultCounts } from './schedule.ts';
import type { StormOptions } from './storm.ts';

export interface Ordered {
  seed: number;
  seconds: number;
  servers?: number;
  workers?: number;
}

/** What a minute of a storm holds. */
const PER_MINUTE: FaultCounts = {
  kills: 60,
  terminations: 3,
  pauses: 20,
  postgresStops: 5,
  lostAnswers: 12,
  cuts: 4,
  flushes: 5,
  redisKills: 2,
};
const RUNS_PER_MINUTE = 200;
/** Of the faults ordered, as many have to hit work: some come while everything rests. */
const HIT_SHARE = 0.5;
/** The shortest there is: what dies is taken over soon. */
const LEASE_SECONDS = 2;
const POISON_RUNS = 2;

export const NO_FAULTS: FaultCounts = {
  kills: 0,
  terminations: 0,
  pauses: 0,
  postgresStops: 0,
  lostAnswers: 0,
  cuts: 0,
  flushes: 0,
  redisKills: 0,
};

/** A storm over several processes on one database, with everything in it that there is. */
export function stormFor(
  programs: Programs,
  { seed, seconds, servers = 2, workers = 2 }: Ordered,
): StormOptions {
  const minutes = seconds / 60;
  const counts = Object.fromEntries(
    Object.entries(PER_MINUTE).map(([kind, count]) => [kind, Math.ceil((count as number) * minutes)]),
  ) as unknown as FaultCounts;
  const share = (count: number): number => Math.floor(count * HIT_SHARE);
  const redis = workers > 0;
  return {
    programs,
    seed,
    seconds,
    servers,
    workers,
    redis,
    runs: Math.ceil(RUNS_PER_MINUTE * minutes),
    poison: POISON_RUNS,
    counts,
    quota: {
      // Processes take turns, so each role has its part of them.
      'kill-server': share((counts.kills * servers) / (servers + workers)),
      'kill-worker': share((counts.kills * workers) / (servers + workers)),
      pause: share(counts.pauses),
      'stop-postgres': share(counts.postgresStops),
      'lose-answers': share(counts.lostAnswers),
      ...(redis ? { 'flush-redis': share(counts.flushes) } : {}),
    },
    leaseSeconds: LEASE_SECONDS,
  };
}

/** Two servers, work, people who race, and no faults: what a planted bug starts from. */
export function quiet(programs: Programs, seed: number): StormOptions {
  return {
    programs,
    seed,
    seconds: 6,
    servers: 2,
    workers: 0,
    redis: false,
    runs: 40,
    poison: 0,
    counts: NO_FAULTS,
    quota: {},
    leaseSeconds: LEASE_SECONDS,
  };
}
