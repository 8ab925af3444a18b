import { ask, SERVER_URL } from '../support/postgres-server.ts';
import { askRedis, REDIS_URL } from './redis-server.ts';
import type { Deployment } from './row.ts';

/** Why the deployment cannot be measured here; null when it can. */
export async function whyNot(deployment: Deployment): Promise<string | null> {
  if (deployment === 'pglite') return null;
  const postgres = await answers(() => ask(SERVER_URL, 'select 1'));
  if (!postgres) return `no PostgreSQL answers at ${withoutPassword(SERVER_URL)} (TEST_DATABASE_URL)`;
  if (deployment === 'postgres') return null;
  const redis = await answers(askRedis);
  return redis ? null : `no Redis answers at ${withoutPassword(REDIS_URL)} (TEST_REDIS_URL)`;
}

async function answers(question: () => Promise<unknown>): Promise<boolean> {
  return question().then(
    () => true,
    () => false,
  );
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  url.password = '';
  return url.toString();
}
