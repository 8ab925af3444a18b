/**
 * Brings the database in DATABASE_URL to this release's schema, as a server does before anything else, and prints how
 * many statements that took. With DIE_AT, it is gone (kill -9) right before the statement of that number.
 */
import { createRequire } from 'node:module';

interface Client {
  query(...args: unknown[]): unknown;
}

const dieAt = Number(process.env['DIE_AT'] ?? Infinity);
const { Client } = createRequire(import.meta.url)('pg') as { Client: { prototype: Client } };
const send = Client.prototype.query;
let statements = 0;
Client.prototype.query = function (this: Client, ...args: unknown[]): unknown {
  statements += 1;
  if (statements >= dieAt) process.kill(process.pid, 'SIGKILL');
  return send.apply(this, args);
};

const { openPostgres } = (await import('../../../apps/server/dist/database/open-database.js')) as {
  openPostgres: (url: string) => Promise<{ close(): Promise<void> }>;
};
await (await openPostgres(process.env['DATABASE_URL'] ?? '')).close();
process.stdout.write(String(statements));
