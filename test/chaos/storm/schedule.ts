import type { SeededRandom } from './random.ts';

export type FaultKind =
  | 'kill-server'
  | 'kill-worker'
  | 'terminate'
  | 'pause'
  | 'stop-postgres'
  | 'lose-answers'
  | 'cut-connections'
  | 'flush-redis'
  | 'kill-redis';

/** One thing that is done to the system. */
export interface PlannedFault {
  kind: FaultKind;
  /** A process by its name, or the service. */
  target: string;
  /** Milliseconds since the storm began; later when its target is not there yet. */
  at: number;
  /** How long it lasts, in milliseconds, or how many answers are lost. */
  amount: number;
  /** How long its target is left in peace before, so that it has begun to work again: a share of the time it took to start. */
  peace: number;
}

export interface ScheduleOptions {
  random: SeededRandom;
  durationMs: number;
  servers: string[];
  workers: string[];
  /** Whether the processes use Redis. */
  redis: boolean;
  /** Milliseconds after which a lease lapses; a pause takes one and a half of them. */
  leaseMs: number;
  /** Faults of each kind in all. */
  counts: FaultCounts;
}

export interface FaultCounts {
  kills: number;
  terminations: number;
  pauses: number;
  postgresStops: number;
  lostAnswers: number;
  cuts: number;
  flushes: number;
  redisKills: number;
}

const SHORTEST_PAUSE_MS = 500;
const LEAST_PEACE = 0.1;
const MOST_PEACE = 1.2;

/**
 * What happens to whom and when: all of it follows from the seed. Faults come evenly spread with some play, so that
 * each finds the system at another moment; the processes take their turns.
 */
export function makeSchedule(options: ScheduleOptions): PlannedFault[] {
  const { random, servers, workers, counts, redis, leaseMs } = options;
  const killable = [...workers, ...servers];
  const kill = (target: string): FaultKind => (workers.includes(target) ? 'kill-worker' : 'kill-server');
  const pauseMs = Math.max(SHORTEST_PAUSE_MS, Math.round(leaseMs * 1.5));
  const faults = [
    spread(options, counts.kills, (turn) => {
      const target = killable[turn % killable.length]!;
      return { kind: kill(target), target, amount: 0 };
    }),
    spread(options, counts.terminations, () => ({
      kind: 'terminate',
      target: random.pick(killable),
      amount: 0,
    })),
    spread(options, counts.pauses, (turn) => ({
      kind: 'pause',
      target: killable[(turn + 1) % killable.length]!,
      amount: pauseMs,
    })),
    spread(options, counts.postgresStops, () => ({
      kind: 'stop-postgres',
      target: 'postgres',
      amount: random.whole(200, 1_500),
    })),
    spread(options, counts.lostAnswers, () => ({
      kind: 'lose-answers',
      target: 'connections',
      amount: random.whole(1, 3),
    })),
    spread(options, counts.cuts, () => ({ kind: 'cut-connections', target: 'connections', amount: 0 })),
    spread(options, redis ? counts.flushes : 0, () => ({ kind: 'flush-redis', target: 'redis', amount: 0 })),
    spread(options, redis ? counts.redisKills : 0, () => ({
      kind: 'kill-redis',
      target: 'redis',
      amount: random.whole(0, 2_000),
    })),
  ].flat();
  return faults.sort((one, other) => one.at - other.at);
}

/** `count` faults over the whole time, each somewhere in its own share of it. */
function spread(
  { random, durationMs }: ScheduleOptions,
  count: number,
  make: (turn: number) => Omit<PlannedFault, 'at' | 'peace'>,
): PlannedFault[] {
  const share = durationMs / Math.max(1, count);
  return Array.from({ length: count }, (_, turn) => ({
    ...make(turn),
    at: Math.round((turn + random.next()) * share),
    peace: LEAST_PEACE + random.next() * (MOST_PEACE - LEAST_PEACE),
  }));
}
