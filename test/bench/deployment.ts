/** The process that measures one deployment: forked by `bench.ts`, so that each has its own memory. */
import { countStatements } from './counters.ts';
import { between, measureFloor } from './floor.ts';
import type { Floor } from './floor.ts';
import type { BenchRow, Deployment, Figure, Work } from './row.ts';
import { figure } from './row.ts';
import { openStand } from './stand.ts';
import type { Stand } from './stand.ts';
import { coldStart } from './works/cold-start.ts';
import { f200 } from './works/f200.ts';
import { p10k } from './works/p10k.ts';
import { reads } from './works/reads.ts';
import { largeRegistry } from './works/registry.ts';
import { w5 } from './works/w5.ts';

export interface DeploymentOrder {
  deployment: Deployment;
  works: Work[];
  quick: boolean;
}

const ON_A_STAND = { W5: w5, F200: f200, P10k: p10k, reads };
const IN_A_PROCESS = { 'cold-start': coldStart, registry: largeRegistry };

const order = JSON.parse(process.argv[2] ?? '') as DeploymentOrder;
const floors: Floor[] = [];
countStatements();
for (const work of order.works) {
  // What is done is the same as on PostgreSQL alone.
  if ((work === 'reads' || work === 'registry') && order.deployment === 'bull') continue;
  tell(work, await measure(work));
}
if (floors.length > 0) {
  const mean = (of: (floor: Floor) => number) =>
    floors.reduce((sum, floor) => sum + of(floor), 0) / floors.length;
  tell('floor', [
    figure(
      'commits_per_s',
      mean((floor) => floor.commitsPerSecond),
      '1/s',
    ),
    figure(
      'idle_commit_p50',
      mean((floor) => floor.idleCommitMs),
      'ms',
    ),
  ]);
}
process.disconnect();

function measure(work: Work): Promise<Figure[]> {
  return work === 'cold-start' || work === 'registry'
    ? IN_A_PROCESS[work](order.deployment, order.quick)
    : onAStand(work);
}

async function onAStand(work: keyof typeof ON_A_STAND): Promise<Figure[]> {
  const stand: Stand = await openStand(order.deployment);
  try {
    const ms = order.quick ? 600 : 1_500;
    const before = await measureFloor(stand, ms);
    const figures = await ON_A_STAND[work](stand, order.quick);
    const floor = between(before, await measureFloor(stand, ms));
    floors.push(floor);
    return figures(floor);
  } finally {
    await stand.close();
  }
}

function tell(work: BenchRow['work'], figures: Figure[]): void {
  const rows: BenchRow[] = figures.map((one) => ({ deployment: order.deployment, work, ...one }));
  process.send?.(rows);
}
