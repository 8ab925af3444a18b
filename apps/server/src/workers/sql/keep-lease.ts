import type { WorkerId } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';

export interface WorkerFacts {
  id: WorkerId;
  host: string;
  pid: number;
}

/** Not rounded up to a millisecond that has not come yet, as the column would: what ends now has ended. */
const NOW = `date_trunc('milliseconds', now())`;

/** Index: the primary key. A null lease has no end. */
const KEEP_LEASE: Statement = {
  name: 'keep-lease',
  text: `insert into worker (id, host, pid, started_at, expires_at)
    values ($1, $2, $3, now(), now() + $4::float8 * interval '1 millisecond')
    on conflict (id) do update set expires_at = excluded.expires_at`,
};

/** Index: the primary key. */
const END_LEASE: Statement = {
  name: 'end-lease',
  text: `update worker set expires_at = ${NOW} where id = $1`,
};

/** For the one process of an embedded database: whoever else is listed was here before it. No index: a few rows. */
const END_OTHER_LEASES: Statement = {
  name: 'end-other-leases',
  text: `update worker set expires_at = ${NOW} where id <> $1 and (expires_at is null or expires_at > now())`,
};

/** Index: `run_held`. A worker that a run still names is kept, so that the run is found by its end. */
const FORGET_WORKERS: Statement = {
  name: 'forget-workers',
  text: `delete from worker w where w.expires_at < now() - interval '1 hour'
    and not exists (select 1 from run r where r.open and r.holder = w.id)`,
};

/** Gives or renews the lease of a worker, from now on the clock of the database. `leaseMs` null: without an end. */
export async function keepLease(
  database: Database,
  { id, host, pid }: WorkerFacts,
  leaseMs: number | null,
): Promise<void> {
  await database.query(KEEP_LEASE, [id, host, pid, leaseMs]);
}

export async function endLease(database: Database, id: WorkerId): Promise<void> {
  await database.query(END_LEASE, [id]);
}

export async function endOtherLeases(database: Database, id: WorkerId): Promise<void> {
  await database.query(END_OTHER_LEASES, [id]);
}

export async function forgetWorkers(database: Database): Promise<void> {
  await database.query(FORGET_WORKERS, []);
}
