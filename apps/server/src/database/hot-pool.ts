import { createRequire } from 'node:module';

import type { PostgresPool } from './database.ts';

/** What is used here of node-postgres, which brings no types of its own. */
interface Pg {
  Pool: new (config: HotPoolConfig) => HotPool;
}
interface HotPool extends Pick<PostgresPool, 'query'> {
  on(event: 'error', listener: (error: Error) => void): void;
  end(): Promise<void>;
}
interface HotPoolConfig {
  connectionString: string;
  max: number;
  options: string;
  application_name: string;
  connectionTimeoutMillis: number;
  statement_timeout: number;
  lock_timeout: number;
}

/** Two for entries, two for new runs, two for runs that are read, one for what is served. */
const CONNECTIONS = 7;
const SESSION = ['plan_cache_mode=force_generic_plan', 'enable_seqscan=off', 'jit=off'];

/**
 * Connections for the few statements that every step of a run sends. They are planned once and not anew for each list
 * of values, which takes longer than to carry them out; and by their indexes, however small a table was just then: a
 * plan that is kept must be good for the table as it will be. Lists for people need plans of their own, and so other
 * connections.
 */
export function openHotPool(
  url: string,
  limits: Omit<HotPoolConfig, 'connectionString' | 'max' | 'options'>,
): HotPool {
  const { Pool } = createRequire(import.meta.url)('pg') as Pg;
  const options = SESSION.map((setting) => `-c ${setting}`).join(' ');
  const pool = new Pool({ ...limits, connectionString: url, max: CONNECTIONS, options });
  // An idle connection that breaks is replaced; whoever sends a statement hears what is wrong.
  pool.on('error', () => undefined);
  return pool;
}
