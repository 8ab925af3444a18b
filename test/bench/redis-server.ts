import Bull from 'bull';

const DEFAULT_URL = 'redis://127.0.0.1:6379';

/** The Redis that TEST_REDIS_URL names. It may be used by others: only keys of an own prefix are touched. */
export const REDIS_URL = process.env['TEST_REDIS_URL'] ?? DEFAULT_URL;

/** Throws when nothing answers there. */
export async function askRedis(): Promise<void> {
  await withClient((client) => client.ping());
}

/** Deletes what begins with the prefix, and nothing else. */
export async function removeKeys(prefix: string): Promise<void> {
  await withClient(async (client) => {
    let cursor = '0';
    do {
      const [next, keys] = await client.scan(cursor, 'MATCH', `${prefix}:*`, 'COUNT', 1_000);
      if (keys.length > 0) await client.unlink(keys);
      cursor = next;
    } while (cursor !== '0');
  });
}

async function withClient(work: (client: Bull.Queue['client']) => Promise<unknown>): Promise<void> {
  const once = { maxRetriesPerRequest: 0, retryStrategy: () => null };
  const queue = new Bull('bench', REDIS_URL, { redis: once });
  queue.on('error', () => undefined);
  try {
    await queue.isReady();
    await work(queue.client);
  } finally {
    await queue.close();
  }
}
