import type { Database } from '../../apps/server/dist/database/database.js';
import { ask, pg } from '../support/postgres-server.ts';
import type { PgClient } from '../support/postgres-server.ts';
import { quantile } from './row.ts';
import type { Stand } from './stand.ts';

/** What the database does by itself with the smallest step that lasts: one new row of output, in one commit. */
export interface Floor {
  /** With 16 connections on PostgreSQL; one statement after the other on the embedded database, which has one connection. */
  commitsPerSecond: number;
  /** Median of one commit with nothing else going on, in milliseconds. */
  idleCommitMs: number;
}

const CONNECTIONS = 16;
const TABLES = [
  'create table if not exists floor_step (id bigserial primary key, run int not null, output jsonb not null)',
  'truncate floor_step',
];
const STEP = { name: 'floor-step', text: 'insert into floor_step (run, output) values ($1, $2)' };
const OUTPUT = JSON.stringify({ n: 1 });

type Commit = (run: number) => Promise<unknown>;

/** Measures for `ms` milliseconds each. The tables lie beside the product's, in the same database. */
export async function measureFloor(stand: Stand, ms: number): Promise<Floor> {
  return stand.databaseUrl === null
    ? embeddedFloor(stand.database, ms)
    : postgresFloor(stand.databaseUrl, ms);
}

async function embeddedFloor(database: Database, ms: number): Promise<Floor> {
  for (const text of TABLES) await database.query({ name: '', text }, []);
  const { perSecond, samples } = await commitFor(ms, [(run) => database.query(STEP, [run, OUTPUT])]);
  return { commitsPerSecond: perSecond, idleCommitMs: quantile(samples, 0.5) };
}

async function postgresFloor(url: string, ms: number): Promise<Floor> {
  for (const text of TABLES) await ask(url, text);
  const clients: PgClient[] = [];
  try {
    for (let count = 0; count < CONNECTIONS; count += 1) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      clients.push(client);
    }
    const commits = clients.map(
      (client): Commit =>
        (run) =>
          client.query({ ...STEP, values: [run, OUTPUT] }),
    );
    await commitFor(ms / 4, commits);
    const idle = await commitFor(ms / 2, commits.slice(0, 1));
    const loaded = await commitFor(ms, commits);
    return { commitsPerSecond: loaded.perSecond, idleCommitMs: quantile(idle.samples, 0.5) };
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** Each of `commits` one after the other, all of them at once. */
async function commitFor(ms: number, commits: Commit[]): Promise<{ perSecond: number; samples: number[] }> {
  const samples: number[] = [];
  const begun = performance.now();
  await Promise.all(
    commits.map(async (commit, position) => {
      for (let run = position; performance.now() - begun < ms; run += commits.length) {
        const sent = performance.now();
        await commit(run);
        samples.push(performance.now() - sent);
      }
    }),
  );
  return { perSecond: (samples.length * 1000) / (performance.now() - begun), samples };
}

/** The floor around a work: the mean of what was measured just before and just after it. */
export function between(before: Floor, after: Floor): Floor {
  return {
    commitsPerSecond: (before.commitsPerSecond + after.commitsPerSecond) / 2,
    idleCommitMs: (before.idleCommitMs + after.idleCommitMs) / 2,
  };
}
