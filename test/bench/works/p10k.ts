import { setTimeout as sleep } from 'node:timers/promises';

import { costOf } from '../counters.ts';
import { Driver, inFlight, secondsOf } from '../drive.ts';
import type { Floor } from '../floor.ts';
import { figure } from '../row.ts';
import type { Figure } from '../row.ts';
import type { Stand } from '../stand.ts';

const IN_FLIGHT = 1_000;
const PARKED_MS = 3_000;

/** Ten thousand runs that wait for a person, then ten thousand approvals. */
export async function p10k(stand: Stand, quick: boolean): Promise<(floor: Floor) => Figure[]> {
  const count = quick ? 1_000 : 10_000;
  const parking = new Driver(stand, 'approval_pending');
  await approveAll(stand, await inFlight(200, IN_FLIGHT, () => parking.run('p10k')));

  const before = await stand.measures({ settled: true });
  let ids: string[] = [];
  const parkSeconds = await secondsOf(
    async () => (ids = await inFlight(count, IN_FLIGHT, () => parking.run('p10k'))),
  );
  parking.close();
  // A server that leaves work to others is never told that they are done with it.
  if (stand.deployment !== 'bull') await stand.engine.quiet();
  const whileParked = await costOf(stand, () => sleep(PARKED_MS));
  const parked = await stand.measures({ settled: true });

  const releaseSeconds = await secondsOf(() => approveAll(stand, ids));
  const last = await stand.runs.get(stand.owner, ids.at(-1)!);
  if (last.state !== 'done') throw new Error(`The last run is ${last.state} after its approval.`);
  return ({ commitsPerSecond }) => [
    figure('parked_per_s', count / parkSeconds, '1/s', count / parkSeconds / commitsPerSecond),
    figure('released_per_s', count / releaseSeconds, '1/s', count / releaseSeconds / commitsPerSecond),
    figure('memory_growth_parked', parked.resident - before.resident, 'MiB'),
    figure('memory_in_use_growth_parked', parked.inUse - before.inUse, 'MiB'),
    figure('runs_in_memory_parked', parked.runsInMemory, 'runs'),
    // The host's look at what is due, every few seconds, is among them; it does not grow with what is parked.
    figure('statements_per_s_parked', (whileParked.statements * 1000) / PARKED_MS, '1/s'),
  ];
}

async function approveAll({ verbs, owner }: Stand, ids: string[]): Promise<void> {
  await inFlight(ids.length, IN_FLIGHT, (index) =>
    verbs.approve(owner, ids[index]!, { stage: 'draft', round: 1 }),
  );
}
