import { describe, expect, it } from '@jest/globals';
import { runCli } from '../cli.ts';
import { fakeServer } from '../testing/fake-server.ts';
import { fakeTerminal } from '../testing/fake-terminal.ts';
import { sampleRun } from '../testing/sample-run.ts';

describe('run --server --revision', () => {
  it('starts a run on an older revision, with the inputs of that revision', async () => {
    const inputs = { type: 'object', required: ['size'], properties: { size: { type: 'integer' } } };
    const server = await fakeServer({
      'GET /api/v1/templates/tea': { body: { inputs } },
      'POST /api/v1/runs': { body: sampleRun({ state: 'running' }) },
    });
    try {
      const terminal = fakeTerminal({ env: { STAGEWRIGHT_TOKEN: 't' } });
      const args = [
        'run',
        'tea',
        '--server',
        server.url,
        '--revision',
        'abc',
        '-i',
        'size=7',
        '--detach',
        '--json',
      ];
      expect(await runCli(args, terminal)).toBe(0);
      expect(server.requests.map(({ route }) => route)).toEqual([
        'GET /api/v1/templates/tea?revision=abc',
        'POST /api/v1/runs',
      ]);
      expect(JSON.parse(server.requests[1]?.body ?? '')).toMatchObject({
        template: 'tea',
        revision: 'abc',
        inputs: { size: 7 },
      });
    } finally {
      await server.close();
    }
  });
});
