import { join } from 'node:path';

import type { OracleName } from '../oracles/index.ts';
import type { Programs } from '../services/programs.ts';
import { NO_FAULTS, quiet } from '../storm/profiles.ts';
import type { StormOptions } from '../storm/storm.ts';
import { runStorm } from '../storm/storm.ts';
import type { StormResult } from '../storm/storm.ts';
import { PLANTED } from './plant.ts';

/** A bug, the storm that brings it out, and the oracle that has to notice. */
export interface PlantedBug {
  name: string;
  /** The module that plants it. */
  module: string;
  /** One of these is broken by it. */
  noticedBy: OracleName[];
  storm: Partial<StormOptions>;
}

const kills = (count: number) => ({ ...NO_FAULTS, kills: count });

export const BUGS: PlantedBug[] = [
  {
    name: 'no fence',
    module: 'no-fence.ts',
    noticedBy: ['O2', 'O4'],
    storm: { counts: { ...NO_FAULTS, pauses: 4 }, seconds: 15, runs: 60 },
  },
  { name: 'read-then-write approval', module: 'read-then-write.ts', noticedBy: ['O2', 'O4'], storm: {} },
  { name: 'no reconciler', module: 'no-reconciler.ts', noticedBy: ['O1', 'O9'], storm: { counts: kills(4) } },
  { name: 'enqueue lost after the commit', module: 'enqueue-lost.ts', noticedBy: ['O1', 'O9'], storm: {} },
  { name: 'effect without key', module: 'effect-without-key.ts', noticedBy: ['O3'], storm: {} },
  {
    name: 'counter in memory',
    module: 'counter-in-memory.ts',
    noticedBy: ['O1', 'O9'],
    storm: { runs: 6, poison: 2 },
  },
];

/** A storm over processes with the bug. Throws when the bug was not planted into every process that came up. */
export async function stormWith(bug: PlantedBug, programs: Programs, seed: number): Promise<StormResult> {
  const preload = [join(import.meta.dirname, bug.module)];
  const result = await runStorm({ ...quiet(programs, seed), ...bug.storm, preload });
  const outputs = result.evidence.texts.filter(({ from }) => from.startsWith('output of'));
  const clean = outputs.filter(({ text }) => !text.includes(PLANTED));
  if (clean.length > 0) throw new Error(`The bug is not in ${clean.map(({ from }) => from).join(', ')}.`);
  return result;
}

/** The oracles that noticed, of those that have to; empty when the bug went by unseen. */
export function noticed(bug: PlantedBug, { breaches }: StormResult): OracleName[] {
  return bug.noticedBy.filter((name) => breaches[name].length > 0);
}
