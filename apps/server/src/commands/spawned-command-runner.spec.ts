import { existsSync, rmSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { commandRunnerContract } from '@stagewright/engine/testing';
import type { CommandOutcome, CommandRequest } from '@stagewright/engine';

import { openCommandRunner } from './open-command-runner.ts';
import type { SpawnedCommandRunner } from './spawned-command-runner.ts';
import { allowed, makeShelf } from './testing/command-shelf.ts';
import type { CommandShelf } from './testing/command-shelf.ts';

jest.setTimeout(60_000);

const SECRET = 'CANARY-0123456789';
/** Of everything whose time is not what a test is about. */
const LONG_MS = 60_000;

let shelf: CommandShelf;
beforeAll(() => {
  shelf = makeShelf();
});
afterAll(() => shelf.remove());

commandRunnerContract({ describe, it, expect }, 'SpawnedCommandRunner', async () => {
  const settings = [
    allowed('say', shelf.script('say', 'for (const arg of process.argv.slice(2)) console.log(`<${arg}>`);')),
    allowed('fail', shelf.shell('fail', 'echo broken; exit 3')),
    allowed(
      'stamp',
      shelf.shell('stamp', "printf '!' >> page.txt; printf made > made.txt; mkdir .cache; echo > .cache/x"),
    ),
    allowed('hang', shelf.shell('hang', 'exec sleep 600')),
    allowed('flood', shelf.shell('flood', 'while :; do echo flood; done')),
    allowed('tool', shelf.shell('tool', 'exit 0'), ['check', 'lint']),
  ];
  const limits = { outputBytes: 50_000, timeMs: LONG_MS };
  const { runner } = await openCommandRunner(settings, { secrets: [], limits });
  return { runner, close: () => Promise.resolve(runner.close()) };
});

function requestOf(command: string, given: Partial<CommandRequest> = {}): CommandRequest {
  return {
    command,
    args: [],
    files: [],
    origin: { run: 'r', stage: 's', task: 's', attempt: 1, iteration: 1 },
    signal: new AbortController().signal,
    ...given,
  };
}

describe('a command in a process', () => {
  let runner: SpawnedCommandRunner;
  beforeAll(async () => {
    const script = (name: string, body: string) => allowed(name, shelf.script(name, body));
    const settings = [
      script('variables', 'console.log(JSON.stringify(process.env))'),
      script(
        'leak',
        `console.log('${SECRET}'); require('fs').writeFileSync('out.bin', Buffer.from('\\xff${SECRET}', 'latin1'))`,
      ),
      script(
        'links',
        `const fs = require('fs'); fs.symlinkSync('/etc/passwd', 'a.txt'); fs.mkdirSync('b'); fs.symlinkSync('/etc', 'b/c'); try { fs.linkSync('kept.txt', 'twin.txt') } catch {}`,
      ),
      script('many', `for (let n = 0; n < 300; n += 1) require('fs').writeFileSync(n + '.txt', '')`),
      script('large', `require('fs').writeFileSync('large.bin', Buffer.alloc(11 * 1024 * 1024))`),
      script('stdin', `process.stdin.on('data', () => {}).on('end', () => console.log('end'))`),
      script(
        'where',
        `console.log(process.cwd(), process.env.HOME, process.env.TMPDIR, (require('fs').statSync('.').mode & 0o777).toString(8))`,
      ),
      allowed('gone', shelf.shell('gone', 'exit 0')),
      script('path', 'console.log(process.env.PATH)'),
    ];
    ({ runner } = await openCommandRunner(settings, { secrets: [SECRET], limits: { timeMs: LONG_MS } }));
  });
  afterAll(() => runner.close());

  const run = (command: string, given: Partial<CommandRequest> = {}): Promise<CommandOutcome> =>
    runner.run(requestOf(command, given));

  it('C04: gets an environment from a list, and nothing of the server', async () => {
    const hostile = [
      'NODE_OPTIONS',
      'LD_PRELOAD',
      'GIT_SSH_COMMAND',
      'npm_config_yes',
      'PYTHONWARNINGS',
      'BROWSER',
    ];
    const before = Object.fromEntries(hostile.map((name) => [name, process.env[name]]));
    for (const name of hostile) process.env[name] = 'hostile';
    process.env['SECRET_OF_THE_SERVER'] = SECRET;
    try {
      const names = Object.keys(JSON.parse((await run('variables')).output) as object).sort();
      expect(names).toEqual([
        'HOME',
        'LANG',
        'LC_ALL',
        'NO_COLOR',
        'PATH',
        'STAGEWRIGHT_COMMAND',
        'TMPDIR',
        'TZ',
      ]);
    } finally {
      delete process.env['SECRET_OF_THE_SERVER'];
      for (const [name, value] of Object.entries(before))
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    }
  });

  it('C03: finds no program in the folder where it stands', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = `.::bin:${path}`;
    try {
      const other = await openCommandRunner([allowed('path', `${shelf.folder}/path`)], { secrets: [] });
      const { output } = await other.runner.run(requestOf('path'));
      expect(
        output
          .trim()
          .split(':')
          .filter((folder) => !folder.startsWith('/')),
      ).toEqual([]);
      other.runner.close();
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('C07: shows no secret, neither in what it prints nor in what it writes', async () => {
    const { output, files } = await run('leak');
    expect(output).toBe('[redacted]\n');
    expect(Buffer.from(files[0]!.content).toString('latin1')).toBe('\xff[redacted]');
  });

  it('reads back plain files only: no link leads out of its folder', async () => {
    const { files } = await run('links', { files: [{ path: 'kept.txt', content: Buffer.from('kept') }] });
    expect(files.map(({ path }) => path).filter((path) => path !== 'kept.txt')).toEqual([]);
  });

  it.each([
    ['many', /left more than 200 files/],
    ['large', /left files of more than 10485760 bytes/],
  ])('goes over a limit when it leaves too %s', async (command, message) => {
    await expect(run(command)).rejects.toMatchObject({
      code: 'CLI_LIMIT',
      message: expect.stringMatching(message),
    });
  });

  it('has nothing to read on its standard input', async () => {
    expect((await run('stdin')).output).toBe('end\n');
  });

  it('works in a folder of its own, which is gone afterwards', async () => {
    const [work = '', home = '', temporary = '', mode] = (await run('where')).output.trim().split(' ');
    const base = work.replace(/\/work$/, '');
    expect([home, temporary, mode]).toEqual([`${base}/home`, `${base}/tmp`, '700']);
    expect(existsSync(base)).toBe(false);
  });

  it('says when its file went away after the start', async () => {
    rmSync(`${shelf.folder}/gone`);
    await expect(run('gone')).rejects.toMatchObject({ code: 'CLI_UNAVAILABLE' });
  });
});
