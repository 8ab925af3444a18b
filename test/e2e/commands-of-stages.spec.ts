import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Actor, Json, RunView } from '@stagewright/engine';
import { parseValue } from '../../libs/engine/src/expression/index.ts';
import { createIsolation } from '@stagewright/engine/isolation';
import {
  loopStage,
  planOf,
  plansOf,
  promptOf,
  ScriptedAiProvider,
  scriptedRouter,
  testDesk,
} from '@stagewright/engine/testing';

import { openCommandRunner } from '../../apps/server/src/commands/open-command-runner.ts';
import type { SpawnedCommandRunner } from '../../apps/server/src/commands/spawned-command-runner.ts';
import { allowed, makeShelf } from '../../apps/server/src/commands/testing/command-shelf.ts';
import type { CommandShelf } from '../../apps/server/src/commands/testing/command-shelf.ts';
import { goneWithin } from '../../apps/server/src/commands/testing/live-processes.ts';

/*
 * Group C of the hostile inputs: what a hostile template, hostile data or a hostile command makes of a loop, with the
 * real engine and real processes. Beside each row stands its benign twin, which must pass.
 */

jest.setTimeout(60_000);

const isolation = createIsolation();
const ann: Actor = { kind: 'user', id: 'ann' };
const CANARY = 'CANARY-5f1d0c9a';
const WORD = `hostile-${process.pid}-${Math.random().toString(36).slice(2)}`;
let shelf: CommandShelf;
let runner: SpawnedCommandRunner;

beforeAll(async () => {
  shelf = makeShelf();
  const script = (name: string, body: string, subcommands: string[] | null = null) =>
    allowed(name, shelf.script(name, body), subcommands);
  const settings = [
    script('show', 'for (const arg of process.argv.slice(2)) console.log(`<${arg}>`);'),
    script('variables', 'console.log(JSON.stringify(process.env))'),
    script(
      'bomb',
      `const x = Buffer.alloc(1 << 20, 120); const go = () => process.stdout.write(x, go); go();`,
    ),
    allowed('deaf', shelf.shell(`deaf-${WORD}`, `trap '' TERM HUP INT; while :; do sleep 1; done`)),
    allowed(
      'daemon',
      shelf.shell('daemon', `setsid sh -c 'while :; do sleep 1; done' ${WORD} & sleep 0.2; exit 0`),
    ),
    script('npx', 'console.log("fetched", process.argv.slice(2).join(" "))', ['--version']),
    script(
      'leak',
      `console.log('the key is ${CANARY}'); require('fs').writeFileSync('log.txt', '${CANARY}'); process.exit(process.argv[2] === 'once' && require('fs').existsSync('fixed.txt') ? 0 : 1)`,
    ),
  ];
  ({ runner } = await openCommandRunner(settings, { secrets: [CANARY], limits: { timeMs: 2_000 } }));
});
afterAll(async () => {
  runner.close();
  shelf.remove();
  await isolation.close();
});

interface Played {
  view: RunView;
  /** Everything that is kept of the run, and everything that a model was told. */
  kept: string;
}

async function play(
  stage: Parameters<typeof loopStage>[2],
  command: string,
  inputs: Record<string, Json> = {},
): Promise<Played> {
  const model: ScriptedAiProvider = new ScriptedAiProvider(() => ({
    json: { edits: [{ path: 'page.txt', content: `mended ${model.requests.length}` }] },
  }));
  const check = loopStage('check', command, { retry: { attempts: 1, delayMs: 0, maxDelayMs: 0 }, ...stage });
  const desk = testDesk({
    plans: plansOf(planOf([check])),
    ai: scriptedRouter(model),
    isolation,
    commands: runner,
  });
  const { id } = await desk.engine.create('w', { template: 'test', inputs }, ann);
  await desk.engine.quiet();
  const view = await desk.engine.get('w', id);
  const journal = (await desk.store.load(id))?.entries;
  return { view, kept: JSON.stringify([view, journal, desk.store.attempts(id), model.requests]) };
}

const data = { args: [parseValue('${{ inputs.data }}')] };
const outputOf = ({ view }: Played): string =>
  (view.stages[0]?.output as { output: string } | null)?.output ?? '';
const errorOf = ({ view }: Played): string | undefined => view.stages[0]?.error?.code;

describe('C01: an argument that a shell would run', () => {
  // Where whoever the command runs as could make it.
  const marker = (): string => join(tmpdir(), `${WORD}-marker`);
  it.each([
    '; touch MARKER',
    '$(touch MARKER)',
    '`touch MARKER`',
    '| touch MARKER',
    'x\ntouch MARKER',
    '&& touch MARKER',
  ])('is one argument, and stands there as it is: %j', async (hostile) => {
    const text = hostile.replace('MARKER', marker());
    expect(outputOf(await play(data, 'show', { data: text }))).toBe(`<${text}>\n`);
    expect(existsSync(marker())).toBe(false);
  });
});

describe('C02: data that looks like an option', () => {
  it.each(['--output=/etc/x', '-exec', '--config=./evil'])('is refused: %s', async (hostile) => {
    expect(errorOf(await play(data, 'show', { data: hostile }))).toBe('CLI_ARG_FORBIDDEN');
  });

  it('is taken behind "--", as is data that looks like none', async () => {
    const behind = { args: [parseValue('--'), ...data.args] };
    expect(outputOf(await play(behind, 'show', { data: '--output=/etc/x' }))).toBe(
      '<-->\n<--output=/etc/x>\n',
    );
    expect(outputOf(await play(data, 'show', { data: 'page-one.html' }))).toBe('<page-one.html>\n');
  });
});

describe('C03: a command that is not on the list', () => {
  it.each(['git', '../bin/sh', '/bin/sh', 'sh', './show'])(
    'is refused before the run: %s',
    async (command) => {
      await expect(play({}, command)).rejects.toMatchObject({ code: 'CLI_NOT_ALLOWED' });
    },
  );

  it('is not found among the working files, and one on the list is', async () => {
    const files = parseValue([{ path: 'show', content: '#!/bin/sh\necho planted\n' }]);
    expect(outputOf(await play({ files, args: data.args }, 'show', { data: 'x' }))).toBe('<x>\n');
  });
});

describe('C04: the environment of the server', () => {
  it('is not passed on, and what a program needs is there', async () => {
    const names = [
      'NODE_OPTIONS',
      'LD_PRELOAD',
      'GIT_SSH_COMMAND',
      'npm_config_yes',
      'PYTHONWARNINGS',
      'BROWSER',
    ];
    const before = new Map(names.map((name) => [name, process.env[name]]));
    for (const name of names) process.env[name] = 'hostile';
    try {
      const given = JSON.parse(outputOf(await play({}, 'variables'))) as Record<string, string>;
      expect(names.filter((name) => name in given)).toEqual([]);
      expect(given).toMatchObject({ PATH: expect.any(String), HOME: expect.any(String), TZ: 'UTC' });
    } finally {
      for (const [name, value] of before)
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    }
  });
});

describe('C05: a command that takes too much', () => {
  it.each(['bomb', 'deaf'])('is ended with its group: %s', async (command) => {
    expect(errorOf(await play({}, command))).toBe('CLI_LIMIT');
    expect(await goneWithin(WORD)).toEqual([]);
  });

  it('leaves no daemon, and one that ends by itself passes', async () => {
    expect((await play({}, 'daemon')).view.state).toBe('done');
    expect(await goneWithin(WORD)).toEqual([]);
  });
});

describe('C06: a tool that fetches code', () => {
  it('is refused but for the sub-commands that are listed', async () => {
    await expect(play({ args: [parseValue('some-package')] }, 'npx')).rejects.toMatchObject({
      code: 'CLI_NOT_ALLOWED',
    });
    expect(errorOf(await play(data, 'npx', { data: 'some-package' }))).toBe('CLI_NOT_ALLOWED');
    expect(outputOf(await play({ args: [parseValue('--version')] }, 'npx'))).toBe('fetched --version\n');
  });
});

describe('C07: a secret that a command prints', () => {
  it('is in no log, event, artifact or question to a model', async () => {
    const files = parseValue([{ path: 'page.txt', content: 'x' }]);
    const repair = promptOf('{{result.output}} {{#each result.files as |file|}}{{file.text}}{{/each}}');
    const played = await play({ files, repair, maxIterations: 2 }, 'leak');
    expect(errorOf(played)).toBe('CLI_LOOP_GAVE_UP');
    expect(played.kept).toContain('the key is [redacted]');
    expect(played.kept).not.toContain(CANARY);
  });
});
