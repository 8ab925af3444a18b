import type { AttemptRecord, RunId, RunWait, RunWrite } from '@stagewright/engine';

/** What one write brings to a statement. */
export interface PendingWrite {
  id: RunId;
  write: RunWrite;
}

/**
 * Writes as the column lists that `unnest` takes: one list per column, so that a statement is the same text for one
 * run and for many. A column of documents is one JSON array: as elements of a PostgreSQL array every quote in
 * them would be escaped here and unescaped there. Nothing of them is looked into by SQL.
 */
export function entryColumns(pending: PendingWrite[]): unknown[] {
  const column = <T>(value: (item: PendingWrite) => T): T[] => pending.map(value);
  return [
    column(({ id }) => id),
    column(({ write }) => write.entry.version),
    column(({ write }) => write.entry.at),
    JSON.stringify(column(({ write }) => write.entry.facts)),
    column(({ write }) => write.header.template),
    column(({ write }) => write.header.revision),
    column(({ write }) => storable(write.header.title)),
    column(({ write }) => write.header.state),
    column(({ write }) => write.header.progress),
    column(({ write }) => write.header.spent.inputTokens),
    column(({ write }) => write.header.spent.outputTokens),
    column(({ write }) => write.header.spent.usd),
    column(({ write }) => write.header.open),
    column(({ write }) => write.header.startedAt),
    column(({ write }) => write.header.endedAt),
    column(({ write }) => write.waits !== undefined),
    column(({ write }) => write.header.holder),
  ];
}

export function waitColumns(pending: PendingWrite[]): unknown[] {
  const rows = pending.flatMap(({ id, write }) =>
    (write.waits ?? []).map((wait, ordinal) => ({ id, wait, ordinal })),
  );
  const column = <T>(value: (wait: RunWait) => T): T[] => rows.map(({ wait }) => value(wait));
  return [
    rows.map(({ id }) => id),
    rows.map(({ ordinal }) => ordinal),
    column((wait) => wait.kind),
    column((wait) => ('stage' in wait ? wait.stage : null)),
    column((wait) => ('task' in wait ? wait.task : null)),
    column((wait) => ('round' in wait ? wait.round : null)),
    column((wait) => (wait.kind === 'timer' ? wait.timer.at : null)),
    JSON.stringify(column((wait) => wait)),
  ];
}

export function attemptColumns(pending: PendingWrite[]): unknown[] {
  const rows = pending.flatMap(({ id, write }) =>
    lastOfEach(write.attempts).map((attempt) => ({ id, attempt })),
  );
  const column = <T>(value: (attempt: AttemptRecord) => T): T[] => rows.map(({ attempt }) => value(attempt));
  return [
    rows.map(({ id }) => id),
    column((attempt) => attempt.task),
    column((attempt) => attempt.attempt),
    column((attempt) => attempt.stage),
    column((attempt) => attempt.round),
    column((attempt) => attempt.state),
    column((attempt) => attempt.startedAt),
    JSON.stringify(column((attempt) => attempt)),
  ];
}

/** One statement may not touch a row twice: of an attempt that is written twice the last one counts. */
function lastOfEach(attempts: AttemptRecord[]): AttemptRecord[] {
  return [...new Map(attempts.map((attempt) => [`${attempt.task} ${attempt.attempt}`, attempt])).values()];
}

/** `text` holds no NUL; inside documents it is kept, as the escape that JSON has for it. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
