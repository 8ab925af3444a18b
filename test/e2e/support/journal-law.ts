import type { RunFact } from '@stagewright/engine';

import type { WireEvent } from './event-stream.ts';

/**
 * What is wrong with the event log of a run, in words; empty when it is lawful. Ids go up by one without a gap, no transition is told
 * twice, and none comes before the one that it needs.
 */
export function breachesOf(events: WireEvent[]): string[] {
  return [...breachesOfOrder(events), ...breachesOfTransitions(events.map(({ fact }) => fact))];
}

function breachesOfOrder(events: WireEvent[]): string[] {
  const breaches: string[] = [];
  let [version, index] = [1, -1];
  for (const { id, type, fact, version: told } of events) {
    const [atVersion, atIndex] = id.split('.').map(Number);
    const follows =
      (atVersion === version && atIndex === index + 1) || (atVersion === version + 1 && atIndex === 0);
    if (!follows) breaches.push(`${id} came after ${version}.${index}`);
    if (told !== atVersion || type !== fact.type)
      breaches.push(`${id} says version ${told} and ${type} of ${fact.type}`);
    [version, index] = [atVersion ?? version, atIndex ?? index];
  }
  return breaches;
}

/** Facts that may be told once for a run, a round of a stage or an attempt of a task, each with what must have been told before. */
const NEEDS: Partial<Record<RunFact['type'], RunFact['type'] | null>> = {
  'run.created': null,
  'run.started': 'run.created',
  'run.completed': 'run.started',
  'stage.started': 'run.started',
  'stage.completed': 'stage.started',
  'task.queued': 'stage.started',
  'task.started': 'task.queued',
  'task.completed': 'task.queued',
  'task.failed': 'task.started',
  'approval.requested': 'stage.started',
  'approval.completed': 'approval.requested',
};

/** The same of the bare facts, in order. */
export function breachesOfTransitions(facts: RunFact[]): string[] {
  const told = new Set<string>();
  const breaches: string[] = [];
  for (const fact of facts) {
    // The next round of the stage begins with it.
    if (fact.type === 'changes.requested')
      told.add(keyOf('stage.started', { ...fact, round: fact.round + 1 }));
    const needed = NEEDS[fact.type];
    if (needed === undefined) continue;
    const key = keyOf(fact.type, fact);
    if (told.has(key)) breaches.push(`${key} is told twice`);
    if (needed !== null && !told.has(keyOf(needed, fact))) breaches.push(`${key} comes before ${needed}`);
    told.add(key);
  }
  const end = facts.findIndex(({ type }) => type === 'run.completed');
  const late = end < 0 ? [] : facts.slice(end + 1).filter(({ type }) => !type.startsWith('end-action.'));
  return [...breaches, ...late.map(({ type }) => `${type} comes after the end`)];
}

function keyOf(type: RunFact['type'], fact: RunFact): string {
  const stage = 'stage' in fact && 'round' in fact ? ` ${fact.stage} round ${fact.round}` : '';
  const task = 'task' in fact && 'attempt' in fact ? ` ${fact.task} attempt ${fact.attempt}` : '';
  if (type.startsWith('run.')) return type;
  return type.startsWith('task.') ? `${type}${stage}${task}` : `${type}${stage}`;
}
