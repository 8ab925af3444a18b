/*
 * F30, F33 and C05: whatever a command does, and however it or its server ends, nothing of it is left. On a machine
 * with all tools of confinement, and on ones without.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { StagewrightError } from '@stagewright/engine';

import { CommandFolder, reapLeftovers } from './command-folder.ts';
import type { CommandLimits } from './command-limits.ts';
import { Confinement } from './confinement.ts';
import type { ConfiningTool } from './confinement.ts';
import { pidNamespace } from './process-table.ts';
import { SpawnedCommandRunner } from './spawned-command-runner.ts';
import { makeShelf } from './testing/command-shelf.ts';
import type { CommandShelf } from './testing/command-shelf.ts';
import { goneWithin, killAllWith, processesWith } from './testing/live-processes.ts';

jest.setTimeout(60_000);

let shelf: CommandShelf;
beforeAll(() => {
  shelf = makeShelf();
});
afterAll(() => shelf.remove());

/** A word that is in the command line of every process of one test. */
const newWord = (): string => `word-${randomBytes(8).toString('hex')}`;
/** A process that does nothing, with a word in its command line; `exec` keeps the word. */
const idle = (word: string): string => `sh -c 'while :; do sleep 600; done' ${word}`;

const MACHINES: Array<[string, ConfiningTool[]]> = [
  ['with all that this machine has', []],
  ['without namespaces', ['unshare']],
  ['without any tool', ['unshare', 'setpriv', 'prlimit']],
];

async function runnerOf(file: string, without: ConfiningTool[], limits: Partial<CommandLimits> = {}) {
  const confinement = await Confinement.detect(without);
  const commands = [{ name: 'command', file, subcommands: null, network: false }];
  const searchPath = '/usr/local/bin:/usr/bin:/bin';
  const runner = new SpawnedCommandRunner({ commands, confinement, secrets: [], searchPath, limits });
  const run = (signal = new AbortController().signal) => {
    const origin = { run: 'r', stage: 's', task: 's', attempt: 1, iteration: 1 };
    return runner.run({ command: 'command', args: [], files: [], origin, signal });
  };
  return { run, close: () => runner.close() };
}

const codeOf = (error: unknown): string => (error as StagewrightError).code;

describe.each(MACHINES)('a command on a machine %s', (_machine, without) => {
  async function ended(body: string, limits: Partial<CommandLimits> = {}) {
    const word = newWord();
    const { run, close } = await runnerOf(
      shelf.shell(newWord(), body.replaceAll('WORD', word)),
      without,
      limits,
    );
    const outcome = await run().then(({ exitCode }) => exitCode, codeOf);
    close();
    return { outcome, left: await goneWithin(word) };
  }

  it('C05: that ignores every signal it can is ended when its time is up', async () => {
    const body = `trap '' TERM HUP INT QUIT; ${idle('WORD')} & while :; do sleep 600; done`;
    expect(await ended(body, { timeMs: 500 })).toEqual({ outcome: 'CLI_LIMIT', left: [] });
  });

  it('C05: that leaves a process behind in its group leaves none', async () => {
    expect(await ended(`${idle('WORD')} & exit 0`)).toEqual({ outcome: 0, left: [] });
  });

  it('C05: that leaves a daemon in a session of its own leaves none', async () => {
    const body = `setsid ${idle('WORD')} </dev/null >/dev/null 2>&1 & sleep 0.2; exit 0`;
    expect(await ended(body)).toEqual({ outcome: 0, left: [] });
  });

  it('C05: whose daemon holds on to its output leaves none, and is not waited for', async () => {
    expect(await ended(`setsid ${idle('WORD')} & sleep 0.2; exit 4`)).toEqual({ outcome: 4, left: [] });
  });

  it('C05: that would print 10 GB is ended, and little of it is kept', async () => {
    const file = shelf.script(
      newWord(),
      `const x = Buffer.alloc(1 << 20, 120); const go = () => process.stdout.write(x, go); go();`,
    );
    const { run, close } = await runnerOf(file, without);
    const error = (await run().catch((reason: unknown) => reason)) as StagewrightError;
    close();
    expect(error).toMatchObject({
      code: 'CLI_LIMIT',
      message: expect.stringContaining('printed more than 1048576 bytes'),
    });
    expect(JSON.stringify(error.details).length).toBeLessThanOrEqual(12_100);
  });

  it('F30: that the system kills for its memory takes its group with it', async () => {
    const word = newWord();
    const { run, close } = await runnerOf(shelf.shell(word, `${idle(word)} & wait`), without);
    const running = run().catch((reason: unknown) => reason);
    while (processesWith(word).length < 2) await new Promise((done) => setTimeout(done, 20));
    killAllWith(word);
    expect(await running).toMatchObject({ code: 'CLI_LIMIT', message: expect.stringContaining('SIGKILL') });
    close();
    expect(await goneWithin(word)).toEqual([]);
  });

  it('F33: dies when its server is killed with -9, with all that it started, and its folder goes', async () => {
    const word = newWord();
    const file = shelf.shell(word, `setsid ${idle(word)} & ${idle(word)} & while :; do sleep 600; done`);
    const host = join(import.meta.dirname, 'testing/command-host.ts');
    const args = ['--no-warnings', '-C', 'stagewright-source', host, file, ...without];
    const server = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    const over = new Promise((done) => server.once('exit', done));
    // The command itself and the two that it started; the host has the word in its command line as well.
    const running = () => processesWith(word).filter((pid) => pid !== server.pid);
    let seen = 0;
    for (; seen < 3 && server.exitCode === null; seen = running().length)
      await new Promise((done) => setTimeout(done, 20));
    expect(seen).toBeGreaterThanOrEqual(3);
    const folders = () => foldersOfCommands().filter((name) => name.includes(`-${server.pid}-`));
    expect(folders()).toHaveLength(1);
    server.kill('SIGKILL');
    await over;
    expect(await goneWithin(word)).toEqual([]);
    for (let look = 0; look < 500 && folders().length > 0; look += 1)
      await new Promise((done) => setTimeout(done, 20));
    expect(folders()).toEqual([]);
  });
});

function foldersOfCommands(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('stagewright-command-'));
}

describe('a command within bounds of the system', () => {
  const BOUND = 40;

  it('C05: that forks without an end has as many processes as it may, and none afterwards', async () => {
    const confinement = await Confinement.detect();
    if (confinement.gaps.some((gap) => gap.includes('processes'))) return;
    const word = newWord();
    // Each that was begun also stays for a while: what cannot fork any more ends, sooner than anybody looks.
    const bomb = `b() { (sleep 9; :) & b | b & b | b & wait; }; b # ${word}`;
    const body = `const { spawn } = require('node:child_process');
      setInterval(() => spawn('/bin/sh', ['-c', ${JSON.stringify(bomb)}], { stdio: 'ignore' }).on('error', () => {}), 20);`;
    const { run, close } = await runnerOf(shelf.script(word, body), [], { processes: BOUND, timeMs: 1_500 });
    let most = 0;
    const looking = setInterval(() => (most = Math.max(most, processesWith(word).length)), 25);
    const outcome = await run().then(({ exitCode }) => exitCode, codeOf);
    clearInterval(looking);
    close();
    expect({ outcome, left: await goneWithin(word) }).toEqual({ outcome: 'CLI_LIMIT', left: [] });
    expect(most).toBeGreaterThan(3);
    // Those that confine it stand beside it.
    expect(most).toBeLessThanOrEqual(BOUND + 3);
  });

  it('F30: gets no more memory than it may have', async () => {
    const confinement = await Confinement.detect();
    if (confinement.gaps.some((gap) => gap.includes('memory'))) return;
    const body = `const all = []; for (let n = 0; n < 40; n += 1) all.push(Buffer.alloc(64 << 20, 1)); console.log('got it');`;
    const { run, close } = await runnerOf(shelf.script(newWord(), body), [], { memoryBytes: 1 << 30 });
    const outcome = await run().catch((reason: unknown) => ({ exitCode: codeOf(reason), output: '' }));
    close();
    expect(outcome.output).not.toContain('got it');
    expect(outcome.exitCode).not.toBe(0);
  });

  it('has the time, the room and the processes that an honest one needs', async () => {
    const body = `const { execFileSync } = require('node:child_process'); const all = Buffer.alloc(64 << 20, 1);
      console.log('x'.repeat(500_000)); console.log(String(execFileSync('/bin/echo', ['fine'])) + all.length);`;
    const { run, close } = await runnerOf(shelf.script(newWord(), body), []);
    const { exitCode, output } = await run();
    close();
    expect([exitCode, output.length > 500_000, output.endsWith('fine\n67108864\n')]).toEqual([0, true, true]);
  });
});

describe('at the start of a server', () => {
  it('folders of servers that are gone are removed, and those of living ones and of other machines stay', async () => {
    const [dead, living, elsewhere] = [
      `${pidNamespace()}-4194303`,
      `${pidNamespace()}-${process.ppid}`,
      `77-4194303`,
    ].map((owner) => join(tmpdir(), `stagewright-command-${owner}-${randomBytes(12).toString('hex')}`)) as [
      string,
      string,
      string,
    ];
    for (const path of [dead, living, elsewhere]) mkdirSync(path);
    const there = (path: string): boolean => foldersOfCommands().some((name) => path.endsWith(name));
    await reapLeftovers();
    expect([dead, living, elsewhere].map(there)).toEqual([false, true, true]);
    for (const path of [living, elsewhere]) rmSync(path, { recursive: true });
    expect(CommandFolder.reserve().path).toMatch(/stagewright-command-\d+-\d+-[0-9a-f]{24}$/);
  });
});
