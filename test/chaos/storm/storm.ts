import type { Evidence } from '../oracles/evidence.ts';
import { askAll } from '../oracles/index.ts';
import type { OracleName } from '../oracles/index.ts';
import type { Quota } from '../oracles/o8-faults-hit.ts';
import type { Programs } from '../services/programs.ts';
import { Clients } from '../work/clients.ts';
import { People } from '../work/people.ts';
import { Submitter } from '../work/submitter.ts';
import type { SubmitPlan } from '../work/submitter.ts';
import { gather, settled } from './aftermath.ts';
import { FaultDriver } from './faults.ts';
import { Monitor } from './monitor.ts';
import { SeededRandom } from './random.ts';
import { makeSchedule } from './schedule.ts';
import type { FaultCounts, PlannedFault } from './schedule.ts';
import { openStage } from './stage.ts';
import type { StormStage } from './stage.ts';

export interface StormOptions {
  programs: Programs;
  seed: number;
  seconds: number;
  servers: number;
  workers: number;
  /** Whether the processes hear of work through Redis. */
  redis: boolean;
  runs: number;
  /** Of these, so many end every process that works on them. */
  poison: number;
  counts: FaultCounts;
  /** Faults that have to hit running work, by kind. */
  quota: Quota;
  /** Seconds after which a worker that says nothing has lost its claims. */
  leaseSeconds: number;
  preload?: string[];
  settings?: Record<string, string>;
  /** Hears how it goes. */
  tell?: (line: string) => void;
}

export interface StormResult {
  seed: number;
  schedule: PlannedFault[];
  evidence: Evidence;
  breaches: Record<OracleName, string[]>;
  /** What clients and processes met that nobody expects, outside the oracles. */
  surprises: string[];
  facts: StormFacts;
}

/** What there is to tell of a storm besides its faults. */
export interface StormFacts {
  /** Milliseconds from the first submit until everything had ended. */
  tookMs: number;
  /** Milliseconds that the runs needed to end once the faults had stopped. */
  settledMs: number;
  retries: number;
  races: number;
  lostAnswers: number;
  /** Milliseconds that processes took to end after SIGTERM. */
  terminations: number[];
  starts: Record<string, number>;
}

const SLACK_SECONDS = 10;
const LAST_SUBMIT = 0.95;
/** Longest time that a process may take to end after SIGTERM. */
const GRACE_MS = 32_000;

/** Runs a storm to its end and asks every oracle about it. What it opened is closed, however it went. */
export async function runStorm(options: StormOptions): Promise<StormResult> {
  const random = new SeededRandom(options.seed);
  const schedule = scheduleOf(options, random.fork());
  const plans = submitPlans(options, random.fork());
  const stage = await openStage({ ...options, random: random.fork() });
  try {
    return await play(stage, { options, schedule, plans, random });
  } finally {
    await stage.close();
  }
}

interface Script {
  options: StormOptions;
  schedule: PlannedFault[];
  plans: SubmitPlan[];
  random: SeededRandom;
}

async function play(stage: StormStage, { options, schedule, plans, random }: Script): Promise<StormResult> {
  const tell = options.tell ?? (() => undefined);
  const { fleet } = stage;
  const clients = new Clients(
    fleet.servers.map(({ url }) => url),
    fleet.token,
    random.fork(),
  );
  const submitter = new Submitter(clients, random.fork());
  const people = new People(clients, random.fork());
  const monitor = new Monitor(stage.databaseUrl);
  const driver = new FaultDriver({ ...stage, monitor, hurry: () => submitter.hurry() });
  const begun = Date.now();
  people.start();
  const progress = setInterval(() => tell(lineOf(begun, driver, submitter)), 10_000);
  try {
    const elapsed = (): number => (Date.now() - begun) / (options.seconds * 1_000);
    const share = (): number => driver.share ?? elapsed();
    await Promise.all([submitter.submitAll(plans, share), driver.carryOut(schedule)]);
    stage.receiver.calm();
    stage.model.calm();
    tell('the faults are over');
    const calm = Date.now();
    await settled(stage, (2 * options.leaseSeconds + SLACK_SECONDS) * 1_000);
    const settledMs = Date.now() - calm;
    await people.stop();
    await endAll(stage, driver);
    const evidence = await gather(stage, {
      leaseSeconds: options.leaseSeconds,
      submitter,
      people,
      faults: driver.log,
    });
    return {
      seed: options.seed,
      schedule,
      evidence,
      breaches: askAll(evidence, options.quota),
      surprises: [
        ...submitter.surprises,
        ...people.surprises,
        ...driver.terminations.filter((ms) => ms > GRACE_MS).map((ms) => `a process took ${ms} ms to end`),
      ],
      facts: {
        tookMs: Date.now() - begun,
        settledMs,
        retries: people.retries,
        races: people.races,
        lostAnswers: stage.cutter.lost.length,
        terminations: driver.terminations,
        starts: Object.fromEntries(fleet.all.map(({ name, starts }) => [name, starts])),
      },
    };
  } finally {
    clearInterval(progress);
    await people.stop();
  }
}

function scheduleOf(options: StormOptions, random: SeededRandom): PlannedFault[] {
  const names = (role: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `${role}-${index + 1}`);
  return makeSchedule({
    random,
    durationMs: options.seconds * 1_000,
    servers: names('server', options.servers),
    workers: names('worker', options.workers),
    redis: options.redis,
    leaseMs: options.leaseSeconds * 1_000,
    counts: options.counts,
  });
}

/** Runs over the whole time, so that there is work for every fault to hit. */
function submitPlans({ runs, seed, poison }: StormOptions, random: SeededRandom): SubmitPlan[] {
  return Array.from({ length: runs }, (_, index) => ({
    key: `storm-${seed}-${index}`,
    template: index < poison ? 'poison' : random.chance(0.6) ? 'story' : 'note',
    // Before the last faults, so that these find work too.
    at: ((index + random.next()) / runs) * LAST_SUBMIT,
  }));
}

/** All processes are asked to stop, and each has to. */
async function endAll({ fleet }: StormStage, driver: FaultDriver): Promise<void> {
  await Promise.all(
    fleet.all.map(async (one) => {
      const begun = Date.now();
      await one.stop('SIGTERM');
      driver.terminations.push(Date.now() - begun);
    }),
  );
}

function lineOf(begun: number, driver: FaultDriver, submitter: Submitter): string {
  const seconds = Math.round((Date.now() - begun) / 1_000);
  const confirmed = submitter.submits.filter(({ ids }) => ids.length > 0).length;
  return `${seconds} s: ${driver.log.length} faults, ${confirmed} runs confirmed`;
}
