import type { RunFact } from '@stagewright/engine';

import type { EntryRow, Evidence } from './evidence.ts';

/** O5: beside the end of each attempt that gave something lies what was sent for it, and nothing lies there that belongs to no attempt. */
export function recordsAgree({ runs }: Evidence): string[] {
  return runs.flatMap(({ id, entries }) =>
    entries.flatMap((entry) => faultsOf(entry).map((fault) => `run ${id}: ${fault}`)),
  );
}

function faultsOf({ version, facts, notes }: EntryRow): string[] {
  const ends = facts.filter(endsAttempt);
  const missing = ends.flatMap((fact, position) =>
    gave(fact) && notes[position]?.sent === undefined
      ? [`nobody knows what was sent for ${nameOf(fact)}, which ended at version ${version}`]
      : [],
  );
  const strays =
    notes.length > ends.length ? [`version ${version} has notes on attempts that did not end`] : [];
  return [...missing, ...strays];
}

const ENDS = /^(?:task|end-action)\.(?:completed|failed|cancelled)$/;

function endsAttempt({ type }: RunFact): boolean {
  return ENDS.test(type);
}

/** A result that was taken over from an earlier attempt was not sent for again. */
function gave(fact: RunFact): boolean {
  return fact.type === 'task.completed' ? !fact.reused : fact.type === 'end-action.completed';
}

function nameOf(fact: RunFact): string {
  return 'task' in fact ? String(fact.task) : `end action ${'index' in fact ? fact.index : '?'}`;
}
