import { StagewrightError } from '@stagewright/engine';

/** Another process holds the data directory. `holder` is what it said about itself. */
export function dataDirectoryLocked(directory: string, holder: { pid: number } | null): StagewrightError {
  const who = holder === null ? 'a process that does not answer' : `process ${holder.pid}`;
  return new StagewrightError('DATA_DIR_LOCKED', `The data directory ${directory} is in use by ${who}.`, {
    hint: 'Stop that process, or give this one another DATA_DIR. Two servers on the same data need DATABASE_URL.',
    details: { directory, pid: holder?.pid ?? null },
  });
}

export function dataDirectoryUnusable(directory: string, cause: unknown): StagewrightError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StagewrightError(
    'DATA_DIR_UNUSABLE',
    `The data directory ${directory} cannot be used: ${reason}.`,
    {
      hint: 'Give DATA_DIR a folder that this user can write to.',
      cause,
    },
  );
}

/** The database holds migrations that this release does not know. */
export function schemaUnknown(names: string[]): StagewrightError {
  return new StagewrightError(
    'SCHEMA_UNKNOWN',
    `The database was made by a newer release: it holds ${names.join(', ')}, which this one does not know.`,
    {
      hint: 'Start the release that wrote it, or restore a backup from before the upgrade.',
      details: { migrations: names },
    },
  );
}

export function databaseUnreachable(cause: unknown): StagewrightError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StagewrightError('DATABASE_UNAVAILABLE', `The database does not answer: ${reason}`, {
    hint: 'Check DATABASE_URL and that PostgreSQL runs.',
    retryable: true,
    cause,
  });
}

/** It answers, but not in time: somebody holds a lock, or it is overloaded. Nothing of the statement was done. */
export function databaseBusy(cause: unknown): StagewrightError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StagewrightError('DATABASE_BUSY', `The database did not get to it in time: ${reason}`, {
    hint: 'Try again shortly. When it stays so, look for a session that holds locks, in pg_stat_activity.',
    retryable: true,
    cause,
  });
}

/** PostgreSQL has no room to write. Nothing of the statement was done. */
export function databaseFull(cause: unknown): StagewrightError {
  return new StagewrightError('DISK_FULL', 'The disk of the database is full; nothing was changed.', {
    hint: "Free space on the disk that holds PostgreSQL's data; what waits then goes on by itself.",
    retryable: true,
    cause,
  });
}
