import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import type { ServerProcess } from '../support/server-process.ts';
import { spawnServer } from '../support/server-process.ts';
import { apiOf } from './support/api.ts';
import { install } from './support/installation.ts';
import type { Installation } from './support/installation.ts';

jest.setTimeout(120_000);

/** Starts a server that is not expected to serve, and waits for its end. */
async function ended(
  dataDir: string,
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const child = spawnServer(dataDir, env);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, output };
}

describe('a data directory', () => {
  let place: Installation;
  let holder: ServerProcess;
  beforeAll(async () => {
    place = await install();
    holder = await place.start();
  });
  afterAll(() => place.remove());

  it('that a server uses is refused to a second one, which names the first and ends with 1', async () => {
    const { code, output } = await ended(place.dataDir);
    expect(output).toContain('DATA_DIR_LOCKED');
    expect(output).toContain(String(holder.pid));
    expect(output).not.toContain('serves at');
    expect(code).toBe(1);
  });

  it('is refused to many that come at once, and the first one serves on', async () => {
    const others = await Promise.all([ended(place.dataDir), ended(place.dataDir)]);
    for (const { code, output } of others)
      expect({ code, locked: output.includes('DATA_DIR_LOCKED') }).toEqual({ code: 1, locked: true });
    expect((await apiOf(holder).get('/runs')).status).toBe(200);
  });

  it('is free at once when its server was killed, with the same token', async () => {
    const { token, pid } = holder;
    await holder.kill();
    holder = await place.start();
    expect(holder.pid).not.toBe(pid);
    expect(holder.token).toBe(token);
    expect((await apiOf(holder).get('/runs')).status).toBe(200);
  });

  it('is free when its server was asked to stop, which ends with 0', async () => {
    expect(await holder.stop()).toBe(0);
    holder = await place.start();
    expect((await apiOf(holder).get('/runs')).status).toBe(200);
  });

  it.each([[{ EGRESS_ALLOW: 'a b', LOG_LEVEL: 'loud', REGISTRY_SYNC_SECONDS: '-1' }, 'CONFIG_INVALID']])(
    'is left at once under wrong settings: %j',
    async (settings, expected) => {
      await holder.kill();
      const { code, output } = await ended(place.dataDir, settings);
      expect(output).toContain(expected);
      for (const name of expected === 'CONFIG_INVALID' ? Object.keys(settings) : [])
        expect(output).toContain(name);
      expect(code).toBe(1);
    },
  );
});
