import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { apiOf } from '../e2e/support/api.ts';
import type { Api } from '../e2e/support/api.ts';
import { startServer } from '../support/server-process.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { SmallDisk } from './support/small-disk.ts';
import { untilSo } from './support/until-so.ts';

jest.setTimeout(120_000);

const DISK_BYTES = 1_000_000;
/** Each one writes a line. */
const REQUESTS = 100;

const { isPossible } = SmallDisk;
const suite = isPossible ? describe : describe.skip;
const why = isPossible ? '' : ' (a tmpfs cannot be mounted here)';

/** F29: what a server logs goes into a file on a disk that fills up. */
suite(`a server whose log has no room${why}`, () => {
  let folder: string;
  let disk: SmallDisk;
  let log: number;
  let server: ServerProcess;
  let api: Api;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stagewright-log-'));
    disk = SmallDisk.mount(DISK_BYTES);
    log = openSync(join(disk.folder, 'log'), 'a');
    server = await startServer(folder, { LOG_LEVEL: 'debug' }, [], log);
    api = apiOf(server);
  });
  afterAll(async () => {
    await server?.kill();
    closeSync(log);
    disk.unmount();
    rmSync(folder, { recursive: true, force: true });
  });

  const logged = (): string => readFileSync(join(disk.folder, 'log'), 'utf8');
  const look = async (path: string): Promise<void> => expect((await api.get(path)).status).toBe(200);

  it('works on, and logs again when there is room', async () => {
    await look('/runs?limit=1');
    expect(logged()).toContain('/api/v1/runs');
    disk.fill(0);
    for (let count = 0; count < REQUESTS; count += 1) await look('/templates');
    // The last page of the file had room for some of them.
    const full = statSync(join(disk.folder, 'log')).size;
    await look('/templates');
    expect(statSync(join(disk.folder, 'log')).size).toBe(full);

    disk.free();
    await look('/approvals');
    expect(logged()).toContain('/api/v1/approvals');
    // The last line may be read while it is being written; one that stays torn was lost.
    let read = '';
    await untilSo(() => (read = logged()).endsWith('}\n'), true);
    for (const line of read.trimEnd().split('\n')) expect(() => void JSON.parse(line)).not.toThrow();
  });
});
