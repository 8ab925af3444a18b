import { shortFacts } from '@stagewright/engine';
import type { RunHeader, RunId, RunWait, RunWrite, Usage } from '@stagewright/engine';

import { column, storable } from './columns.ts';

/** What one write brings to a statement, its documents as text already: they are weighed and then written. */
export interface PendingWrite {
  id: RunId;
  write: RunWrite;
  facts: string;
  /** Null when the entry ends no attempt that anything is known of. */
  notes: string | null;
}

export function pendingWrite(id: RunId, write: RunWrite): PendingWrite {
  const known = write.notes.some((note) => note !== null);
  return {
    id,
    write,
    facts: JSON.stringify(shortFacts(write.entry.facts)),
    notes: known ? JSON.stringify(write.notes) : null,
  };
}

export const ENTRY_COLUMNS = ['run_id', 'version', 'at', 'facts', 'notes', 'state', 'progress', 'spent'];

export function entryColumns(pending: PendingWrite[]): string[] {
  return [
    column(pending, ({ id }) => id),
    column(pending, ({ write }) => write.entry.version),
    column(pending, ({ write }) => write.entry.at),
    column(pending, ({ facts }) => facts),
    column(pending, ({ notes }) => notes),
    column(pending, ({ write }) => write.standing.state),
    column(pending, ({ write }) => write.standing.progress),
    column(pending, ({ write }) => spentDocument(write.standing.spent)),
  ];
}

/** Most entries are of runs that have spent nothing. */
function spentDocument(spent: Usage): string | null {
  return spent.inputTokens === 0 && spent.outputTokens === 0 && spent.usd === 0
    ? null
    : JSON.stringify(spent);
}

export const HEADER_COLUMNS = [
  'run_id',
  'template',
  'revision',
  'title',
  'state',
  'open',
  'holder',
  'started_at',
  'ended_at',
];

export function headerColumns(pending: PendingWrite[]): string[] {
  const rows: Array<{ id: RunId; header: RunHeader }> = [];
  for (const { id, write } of pending)
    if (write.header !== undefined) rows.push({ id, header: write.header });
  return [
    column(rows, ({ id }) => id),
    column(rows, ({ header }) => storable(header.template)),
    column(rows, ({ header }) => header.revision),
    column(rows, ({ header }) => storable(header.title)),
    column(rows, ({ header }) => header.state),
    column(rows, ({ header }) => header.open),
    column(rows, ({ header }) => header.holder),
    column(rows, ({ header }) => header.startedAt),
    column(rows, ({ header }) => header.endedAt),
  ];
}

export const WAIT_COLUMNS = ['run_id', 'ordinal', 'kind', 'stage', 'task', 'round', 'due_at', 'payload'];

export function waitColumns(pending: PendingWrite[]): string[] {
  const rows = pending.flatMap(({ id, write }) =>
    (write.waits ?? []).map((wait: RunWait, ordinal) => ({ id, wait, ordinal })),
  );
  return [
    column(rows, ({ id }) => id),
    column(rows, ({ ordinal }) => ordinal),
    column(rows, ({ wait }) => wait.kind),
    column(rows, ({ wait }) => ('stage' in wait ? wait.stage : null)),
    column(rows, ({ wait }) => ('task' in wait ? wait.task : null)),
    column(rows, ({ wait }) => ('round' in wait ? wait.round : null)),
    column(rows, ({ wait }) => (wait.kind === 'timer' ? wait.timer.at : null)),
    column(rows, ({ wait }) => JSON.stringify(wait)),
  ];
}

/** Runs whose waits are replaced, also by none. */
export function runsWithNewWaits(pending: PendingWrite[]): string {
  return column(
    pending.filter(({ write }) => write.waits !== undefined),
    ({ id }) => id,
  );
}
