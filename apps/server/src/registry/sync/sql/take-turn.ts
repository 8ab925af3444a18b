import type { Database, Statement } from '../../../database/database.ts';

/** Which row of the registry, and who wants to read it. */
export interface TurnOf {
  workspace: string;
  url: string;
  ref: string;
  reader: string;
}

/** Index: the primary key. A turn that its reader does not keep up ends by itself, on the clock of the database. */
const TAKE_TURN: Statement = {
  name: 'take-turn-at-registry',
  text: `insert into registry_state as s (workspace, url, ref, findings, reader, reader_until, looked_at)
    values ($1, $2, $3, '[]', $4, now() + $5::float8 * interval '1 millisecond', now())
    on conflict (workspace, url) do update
      set reader = excluded.reader, reader_until = excluded.reader_until, looked_at = excluded.looked_at
      where (s.reader_until is null or s.reader_until <= now())
        and ($6::float8 is null or s.looked_at is null
          or s.looked_at <= now() - $6::float8 * interval '1 millisecond')
    returning 1 as taken`,
};

/** Index: the primary key. */
const KEEP_TURN: Statement = {
  name: 'keep-turn-at-registry',
  text: `update registry_state set reader_until = now() + $4::float8 * interval '1 millisecond'
    where workspace = $1 and url = $2 and reader = $3`,
};

/** Index: the primary key. */
const END_TURN: Statement = {
  name: 'end-turn-at-registry',
  text: 'update registry_state set reader = null, reader_until = null where workspace = $1 and url = $2 and reader = $3',
};

/**
 * False while another reader has its turn, or when somebody looked at the registry less than `notWithinMs` ago (null: however
 * short ago that was).
 */
export async function takeTurn(
  database: Database,
  { workspace, url, ref, reader }: TurnOf,
  { leaseMs, notWithinMs }: { leaseMs: number; notWithinMs: number | null },
): Promise<boolean> {
  const rows = await database.query(TAKE_TURN, [workspace, url, ref, reader, leaseMs, notWithinMs]);
  return rows.length > 0;
}

export async function keepTurn(
  database: Database,
  { workspace, url, reader }: TurnOf,
  leaseMs: number,
): Promise<void> {
  await database.query(KEEP_TURN, [workspace, url, reader, leaseMs]);
}

export async function endTurn(database: Database, { workspace, url, reader }: TurnOf): Promise<void> {
  await database.query(END_TURN, [workspace, url, reader]);
}
