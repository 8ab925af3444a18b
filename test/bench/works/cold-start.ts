import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { queuePrefix } from '../../../apps/server/dist/queue/queue.module.js';
import { startServer } from '../../support/server-process.ts';
import { postgresServer } from '../../support/postgres-server.ts';
import { removeKeys } from '../redis-server.ts';
import { figure, quantile } from '../row.ts';
import type { Deployment, Figure } from '../row.ts';
import { environmentOf } from '../stand.ts';

/** A server process from its start until it serves: on nothing at all, and on what an earlier one left. */
export async function coldStart(deployment: Deployment, quick: boolean): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stagewright-bench-'));
  const own = deployment === 'pglite' ? null : await postgresServer().makeDatabase();
  const settings = environmentOf(deployment, dataDir, own?.url ?? null);
  const boot = async (): Promise<number> => {
    const begun = performance.now();
    const server = await startServer(dataDir, settings);
    const ms = performance.now() - begun;
    await server.stop();
    return ms;
  };
  try {
    const first = await boot();
    const later: number[] = [];
    for (let again = 0; again < (quick ? 1 : 3); again += 1) later.push(await boot());
    return [figure('first_boot', first, 'ms'), figure('warm_boot', quantile(later, 0.5), 'ms')];
  } finally {
    if (deployment === 'bull') await removeKeys(queuePrefix(own?.url ?? null));
    await own?.drop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
