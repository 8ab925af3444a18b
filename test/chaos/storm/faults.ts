import type { Fleet } from '../fleet/fleet.ts';
import type { Supervised } from '../fleet/supervised.ts';
import type { FaultRecord } from '../oracles/evidence.ts';
import type { CommitCutter } from '../services/commit-cutter.ts';
import type { OwnPostgres } from '../services/postgres.ts';
import type { OwnRedis } from '../services/redis.ts';
import type { Monitor } from './monitor.ts';
import type { PlannedFault } from './schedule.ts';

export interface FaultTargets {
  fleet: Fleet;
  postgres: OwnPostgres;
  cutter: CommitCutter;
  redis: OwnRedis | null;
  monitor: Monitor;
  /** Asks for work: there is none to hit. False when no more will come. */
  hurry: () => boolean;
}

const TARGET_MS = 60_000;
const LOST_ANSWER_MS = 15_000;
const LOOK_MS = 20;
/** Longest wait for work to hit; after it a fault comes all the same, and counts as one that hit nothing. */
const WORK_MS = 30_000;
const WORK_LOOK_MS = 100;

/**
 * Carries a schedule out and keeps the log of it. What is aimed at one target comes one after the other, each when its
 * time has come, its target is up and there is work to hit: a process that is gone cannot be killed again. Different
 * targets are hit side by side. Processes set the pace: on a slow machine they take long to come back, and the faults of
 * the services wait for them.
 */
export class FaultDriver {
  readonly log: FaultRecord[] = [];
  /** How long each process took to end after SIGTERM, in milliseconds. */
  readonly terminations: number[] = [];
  readonly #targets: FaultTargets;
  #begun = 0;
  #schedule: PlannedFault[] = [];

  constructor(targets: FaultTargets) {
    this.#targets = targets;
  }

  /** The share of the storm that is over, 0 to 1: on a slow machine it takes longer. Null when there are no faults to go by. */
  get share(): number | null {
    return this.#schedule.length === 0 ? null : this.log.length / this.#schedule.length;
  }

  /** Resolves when every fault has been and what it stopped runs again. */
  async carryOut(schedule: PlannedFault[]): Promise<void> {
    this.#begun = Date.now();
    this.#schedule = schedule;
    const lanes = new Map<string, PlannedFault[]>();
    for (const fault of schedule) lanes.set(fault.target, [...(lanes.get(fault.target) ?? []), fault]);
    await Promise.all([...lanes.values()].map((lane) => this.#lane(lane)));
  }

  async #lane(faults: PlannedFault[]): Promise<void> {
    for (const fault of faults) {
      await pause(this.#begun + fault.at - Date.now());
      const process = this.#targets.fleet.named(fault.target);
      if (process === undefined) await this.#turnOf(fault);
      else await isUp(process);
      await pause(fault.peace * (process?.startMs ?? 0));
      const openRuns = await this.#work();
      const at = Date.now() - this.#begun;
      const hit = await this.#strike(fault, process);
      this.log.push({ kind: fault.kind, target: fault.target, at, hit, openRuns });
    }
  }

  /** Waits until as much of what is aimed at processes has been as was planned to be before this. */
  async #turnOf(fault: PlannedFault): Promise<void> {
    const aimed = this.#schedule.filter(({ target }) => this.#targets.fleet.named(target) !== undefined);
    const before = aimed.filter(({ at }) => at < fault.at).length;
    const been = (): number =>
      this.log.filter(({ target }) => this.#targets.fleet.named(target) !== undefined).length;
    while (been() < before) await pause(LOOK_MS);
  }

  /** Waits for runs with work under way, for a while, and gives their number. */
  async #work(): Promise<number> {
    const end = Date.now() + WORK_MS;
    for (;;) {
      const openRuns = await this.#targets.monitor.openRuns();
      if (openRuns > 0 || Date.now() > end || !this.#targets.hurry()) return openRuns;
      await pause(WORK_LOOK_MS);
    }
  }

  async #strike({ kind, amount }: PlannedFault, process: Supervised | undefined): Promise<boolean> {
    const { postgres, cutter, redis } = this.#targets;
    switch (kind) {
      case 'kill-server':
      case 'kill-worker':
        return process?.kill() ?? false;
      case 'terminate':
        return this.#terminate(process);
      case 'pause':
        return paused(process, amount);
      case 'stop-postgres':
        await postgres.stopImmediately();
        await pause(amount);
        await postgres.start();
        return true;
      case 'lose-answers':
        return loseAnswers(cutter, amount);
      case 'cut-connections':
        return cutter.cutAll() > 0;
      case 'flush-redis':
        return (await redis?.command('FLUSHALL').catch(() => '')) === '+OK';
      case 'kill-redis':
        await redis?.kill();
        await pause(amount);
        await redis?.start();
        return redis !== null;
    }
  }

  async #terminate(process: Supervised | undefined): Promise<boolean> {
    const took = (await process?.terminate()) ?? null;
    if (took !== null) this.terminations.push(took);
    return took !== null;
  }
}

async function paused(process: Supervised | undefined, ms: number): Promise<boolean> {
  if (process === undefined || !process.pause()) return false;
  await pause(ms);
  return process.resume();
}

/** True when at least one commit lost its answer. */
async function loseAnswers(cutter: CommitCutter, count: number): Promise<boolean> {
  const before = cutter.lost.length;
  cutter.loseAnswers(count);
  const end = Date.now() + LOST_ANSWER_MS;
  while (cutter.lost.length < before + count && Date.now() < end) await pause(LOOK_MS);
  cutter.loseAnswers(0);
  return cutter.lost.length > before;
}

async function isUp(process: Supervised): Promise<void> {
  const end = Date.now() + TARGET_MS;
  while (!process.up && Date.now() < end) await pause(LOOK_MS);
}

function pause(ms: number): Promise<void> {
  return new Promise((later) => setTimeout(later, Math.max(0, ms)));
}
