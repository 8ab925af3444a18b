import type { Programs } from '../services/programs.ts';
import type { StormOptions } from './storm.ts';

export interface Ordered {
  seed: number;
  seconds: number;
  servers?: number;
  workers?: number;
}

/** What a minute of a storm holds. */
const PER_MINUTE = {
  kills: 30,
  terminations: 3,
  pauses: 8,
  postgresStops: 5,
  lostAnswers: 12,
  cuts: 4,
  flushes: 0,
  redisKills: 0,
};
const RUNS_PER_MINUTE = 200;
/** Of the faults ordered, as many have to hit work: some come while everything rests. */
const HIT_SHARE = 0.5;

/** A storm of the present deployment: one server that does everything, killed and started again. */
export function stormFor(
  programs: Programs,
  { seed, seconds, servers = 1, workers = 0 }: Ordered,
): StormOptions {
  const minutes = seconds / 60;
  const of = (count: number): number => Math.ceil(count * minutes);
  const counts = {
    kills: of(PER_MINUTE.kills),
    terminations: of(PER_MINUTE.terminations),
    pauses: of(PER_MINUTE.pauses),
    postgresStops: of(PER_MINUTE.postgresStops),
    lostAnswers: of(PER_MINUTE.lostAnswers),
    cuts: of(PER_MINUTE.cuts),
    flushes: of(PER_MINUTE.flushes),
    redisKills: of(PER_MINUTE.redisKills),
  };
  const quota = {
    kill: Math.floor(counts.kills * HIT_SHARE),
    pause: Math.floor(counts.pauses * HIT_SHARE),
    'stop-postgres': Math.floor(counts.postgresStops * HIT_SHARE),
    'lose-answers': Math.floor(counts.lostAnswers * HIT_SHARE),
  };
  return {
    programs,
    seed,
    seconds,
    servers,
    workers,
    redis: workers > 0,
    runs: of(RUNS_PER_MINUTE),
    counts,
    quota,
    leaseSeconds: 1,
  };
}
