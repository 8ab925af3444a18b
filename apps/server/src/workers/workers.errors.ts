import { StagewrightError } from '@stagewright/engine';

/** The embedded database has one process. */
export function workerNeedsDatabase(): StagewrightError {
  return new StagewrightError(
    'WORKER_NEEDS_DATABASE',
    'A worker shares a PostgreSQL database with the server; the embedded database serves one process only.',
    { hint: 'Set DATABASE_URL to the database of the server, or let the server do the work alone.' },
  );
}
