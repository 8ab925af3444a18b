import { digestOf } from '@stagewright/engine';

import type { Delivery } from '../services/receiver.ts';
import type { Evidence, RunHistory } from './evidence.ts';
import { factsOf, only } from './evidence.ts';

/** Stages that have an effect outside. */
const TELLS = 'tell';

/**
 * O3: what a receiver got for each call came under the one key of that call and with the same body each time, and no
 * call that counts as made is missing.
 */
export function keyedEffects({ runs, deliveries }: Evidence): string[] {
  const byKey = grouped(deliveries);
  return [...unknownKeys(runs, deliveries), ...changedBodies(byKey), ...missing(runs, byKey)];
}

function unknownKeys(runs: RunHistory[], deliveries: Delivery[]): string[] {
  const known = new Set(runs.flatMap((run) => [...begunCalls(run), ...endActions(run)]));
  const strangers = new Set(deliveries.filter(({ key }) => !known.has(key)).map(describe));
  return [...strangers].map((what) => `an effect came under a key of no call: ${what}`);
}

function changedBodies(byKey: Map<string, Delivery[]>): string[] {
  return [...byKey].flatMap(([key, all]) =>
    new Set(all.map(({ hash }) => hash)).size > 1 ? [`key ${key} came with different bodies`] : [],
  );
}

function missing(runs: RunHistory[], byKey: Map<string, Delivery[]>): string[] {
  return runs.flatMap((run) =>
    completedCalls(run).flatMap(({ key, what }) =>
      byKey.has(key) ? [] : [`run ${run.id} says ${what} was told, and the receiver never heard of it`],
    ),
  );
}

/** Keys of the calls that a run began in any round: what the product promises, computed here once more. */
function begunCalls(run: RunHistory): string[] {
  return only(factsOf(run), 'task.queued')
    .filter(({ stage }) => stage === TELLS)
    .map(({ task, round }) => keyOf(run.id, task, round));
}

function endActions(run: RunHistory): string[] {
  return only(factsOf(run), 'end-action.started').map(({ index }) => keyOf(run.id, `end-action:${index}`, 1));
}

function completedCalls(run: RunHistory): Array<{ key: string; what: string }> {
  const facts = factsOf(run);
  const tasks = only(facts, 'task.completed').filter(({ stage, reused }) => stage === TELLS && !reused);
  const ends = only(facts, 'end-action.completed').map(({ index }) => `end-action:${index}`);
  return [
    ...tasks.map(({ task, round }) => ({ key: keyOf(run.id, task, round), what: task })),
    ...ends.map((work) => ({ key: keyOf(run.id, work, 1), what: work })),
  ];
}

function keyOf(run: string, work: string, round: number): string {
  return digestOf([run, work, round]);
}

function describe({ body }: Delivery): string {
  return `run ${String(body['run'])}, ${String(body['work'])}`;
}

function grouped(deliveries: Delivery[]): Map<string, Delivery[]> {
  const groups = new Map<string, Delivery[]>();
  for (const one of deliveries) groups.set(one.key, [...(groups.get(one.key) ?? []), one]);
  return groups;
}
