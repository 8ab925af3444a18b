import type { Evidence, FaultRecord } from '../oracles/evidence.ts';
import { readHistory } from '../oracles/read-history.ts';
import { later } from '../work/clients.ts';
import type { People } from '../work/people.ts';
import type { Submitter } from '../work/submitter.ts';
import type { StormStage } from './stage.ts';

/** What those outside know of a storm. */
export interface Told {
  leaseSeconds: number;
  submitter: Submitter;
  people: People;
  faults: FaultRecord[];
}

const LOOK_MS = 250;
/** Retries wait less than that; deadlines of gates are longer. */
const LONGEST_TIMER_MS = 120_000;

/** Waits until nothing is under way any more: for `ms` at most after all processes are there and the last timer was due. */
export async function settled({ fleet, databaseUrl }: StormStage, ms: number): Promise<void> {
  await fleet.allUp();
  const begun = Date.now();
  let lastTimer = 0;
  do {
    const { runs } = await readHistory(databaseUrl);
    const resting = runs.every(({ state, template }) => state === 'done' || template === 'poison');
    const working = runs.filter(({ state, open, timers }) => open || (state === 'done' && timers.length > 0));
    if (resting && working.length === 0) return;
    const due = working.flatMap(({ timers }) => timers.map((seconds) => Date.now() - seconds * 1_000));
    lastTimer = Math.max(lastTimer, ...due.filter((at) => at < begun + LONGEST_TIMER_MS));
    await later(LOOK_MS);
  } while (Date.now() < Math.max(begun, lastTimer) + ms);
}

/** Everything that is known of it: from the database, from the receiver, and from what the processes printed. */
export async function gather(stage: StormStage, told: Told): Promise<Evidence> {
  const { runs, leases, texts } = await readHistory(stage.databaseUrl);
  return {
    runs,
    leases,
    leaseSeconds: told.leaseSeconds,
    submits: told.submitter.submits,
    decisions: told.people.decisions,
    deliveries: stage.receiver.deliveries,
    faults: told.faults,
    texts: [
      ...texts,
      ...stage.fleet.all.map(({ name, output }) => ({ from: `output of ${name}`, text: output })),
      { from: 'deliveries', text: JSON.stringify(stage.receiver.deliveries) },
    ],
    secrets: stage.secrets,
  };
}
