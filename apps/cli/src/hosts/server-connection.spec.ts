import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fakeServer } from '../testing/fake-server.ts';
import type { FakeServer } from '../testing/fake-server.ts';
import { fakeTerminal } from '../testing/fake-terminal.ts';
import { sampleRun } from '../testing/sample-run.ts';
import { connect } from './server-connection.ts';

let server: FakeServer;
beforeEach(async () => {
  server = await fakeServer({ 'GET /api/v1/runs/run-1': { body: sampleRun() } });
});
afterEach(() => server.close());

function homeWith(folders: string[]): string {
  const cwd = mkdtempSync(join(tmpdir(), 'home-'));
  for (const folder of folders) {
    mkdirSync(join(cwd, folder));
    writeFileSync(join(cwd, folder, 'token'), `token-of-${folder}\n`);
  }
  return cwd;
}

describe('the token', () => {
  it.each<[string, Record<string, string>, string]>([
    ['of STAGEWRIGHT_TOKEN comes first', { STAGEWRIGHT_TOKEN: 'given', DATA_DIR: 'data' }, 'given'],
    ['is that of DATA_DIR', { DATA_DIR: 'data' }, 'token-of-data'],
    ['is that of the usual data directory', {}, 'token-of-.stagewright'],
    ['is looked for when the variable is empty', { STAGEWRIGHT_TOKEN: '' }, 'token-of-.stagewright'],
  ])('%s', async (_, env, token) => {
    const terminal = fakeTerminal({ env, cwd: homeWith(['data', '.stagewright']) });
    await (await connect(terminal, { server: `${server.url}/` })).getRun('run-1');
    expect(server.requests).toMatchObject([{ route: 'GET /api/v1/runs/run-1', token: `Bearer ${token}` }]);
  });

  it('that is nowhere is asked for, and the places are named', async () => {
    const terminal = fakeTerminal({ cwd: homeWith([]) });
    await expect(connect(terminal, {})).rejects.toMatchObject({ code: 'CLI_NO_TOKEN' });
  });
});

it('the server is that of STAGEWRIGHT_SERVER when none is named', async () => {
  const terminal = fakeTerminal({ env: { STAGEWRIGHT_SERVER: server.url, STAGEWRIGHT_TOKEN: 't' } });
  expect((await (await connect(terminal, {})).getRun('run-1')).id).toBe('run-1');
});
