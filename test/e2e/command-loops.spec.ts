import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ArtifactRef, AttemptRecord, RunView } from '@stagewright/engine';
import { unzipSync } from 'fflate';

import { makeShelf } from '../../apps/server/src/commands/testing/command-shelf.ts';
import type { CommandShelf } from '../../apps/server/src/commands/testing/command-shelf.ts';
import { goneWithin, processesWith } from '../../apps/server/src/commands/testing/live-processes.ts';
import { ROOT } from '../support/root.ts';
import { apiOf } from './support/api.ts';
import type { Api } from './support/api.ts';
import { describeOnEachDeployment } from './support/deployments.ts';
import { readEvents } from './support/event-stream.ts';
import { makeGitRegistry, MANIFEST } from './support/git-registry.ts';
import type { GitRegistry } from './support/git-registry.ts';
import { install } from './support/installation.ts';
import type { Installation } from './support/installation.ts';
import { breachesOf } from './support/journal-law.ts';
import { startModelService } from './support/model-service.ts';
import type { ModelService, Question } from './support/model-service.ts';
import type { ServerProcess } from '../support/server-process.ts';

jest.setTimeout(120_000);

const VALIDATOR = `html-validate=${join(ROOT, 'node_modules/.bin/html-validate')}`;
const BROKEN = '<p>A hive wants <b>morning sun and a dry stand.</p>\n';
const BODY = `${BROKEN}<p>${'Look once a week and write down what there is to see. '.repeat(5).trim()}</p>`;
const MENDED = '<p>A hive wants <strong>morning sun</strong> and a dry stand.</p>\n';

/** Whether a page with this topic is ever mended. */
const HOPELESS = 'Keeping bees without a hive';
let fiddles = 0;

/** Writes a broken page; mends it, or fiddles with its words without an end. */
function understand(prompt: string): Question {
  const hopeless = prompt.includes(HOPELESS);
  if (prompt.startsWith('Write a web page')) {
    const description = hopeless ? HOPELESS : 'How to site a first hive in a small garden.';
    return { name: 'page', answer: { title: 'Bees by the Back Door', description, body: BODY } };
  }
  const find = hopeless ? `<p>A hive ${fiddles === 0 ? '' : `${fiddles} `}wants <b>` : BROKEN.trim();
  if (hopeless) fiddles += 1;
  const replace = hopeless ? `<p>A hive ${fiddles} wants <b>` : MENDED.trim();
  return { name: 'repair', answer: { edits: [{ path: 'index.html', find, replace }] } };
}

const stageOf = (run: RunView, id: string) => run.stages.find((stage) => stage.id === id)!;

const website = (topic: string) => ({ template: 'website', inputs: { topic } });

describeOnEachDeployment(describe, 'a website', ({ install: deploy }) => {
  let place: Installation;
  let model: ModelService;
  let server: ServerProcess;
  let api: Api;
  beforeAll(async () => {
    model = await startModelService(understand);
    place = await deploy({ ...model.settings, CLI_LOOP_COMMANDS: VALIDATOR });
    server = await place.start();
    api = apiOf(server);
  });
  beforeEach(() => {
    model.asked.clear();
    fiddles = 0;
  });
  afterAll(async () => {
    await place.remove();
    await model.close();
  });

  it('with a broken page is mended until the validator passes, and comes out as files', async () => {
    const done = await api.until(
      (await api.create(website('Keeping bees'))).id,
      (run) => run.state === 'done' || run.state === 'failed',
    );
    expect(done).toMatchObject({ state: 'done', error: null, outputs: { runs: 2, site: { type: 'site' } } });
    expect(Object.fromEntries(model.asked)).toEqual({ page: 1, repair: 1 });
    expect(breachesOf(await readEvents(server, done.id))).toEqual([]);

    const site = done.outputs?.['site'] as unknown as ArtifactRef;
    const answer = await fetch(`${server.url}/api/v1/artifacts/${site.artifact}/content`, {
      headers: { authorization: `Bearer ${server.token}` },
    });
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
    expect(Object.keys(files)).toEqual(['index.html', 'style.css']);
    expect(new TextDecoder().decode(files['index.html'])).toContain(MENDED.trim());

    const { body } = await api.get<{ items: AttemptRecord[] }>(`/runs/${done.id}/attempts`);
    const attempt = body.items.find(({ stage }) => stage === 'check');
    expect(attempt?.toolCalls.map(({ id, action }) => `${id} ${action}`)).toEqual([
      'run-1 html-validate',
      'repair-1 repair',
      'run-2 html-validate',
    ]);
    expect(JSON.stringify(attempt?.toolCalls[0]?.output)).toContain('close-order');
  });

  it('that is never mended fails after its last run, with what the validator said', async () => {
    const failed = await api.until((await api.create(website(HOPELESS))).id, 'failed');
    expect(stageOf(failed, 'check').error).toMatchObject({
      code: 'CLI_LOOP_GAVE_UP',
      message: '"html-validate" did not pass in 5 runs: it exited with 1.',
      details: { iterations: 5, exitCode: 1, output: expect.stringContaining('close-order') },
    });
    expect(model.asked.get('repair')).toBe(4);
  });
});

it('a website is refused before anything is paid for where its command is not allowed', async () => {
  const model = await startModelService(understand);
  const place = await install(model.settings);
  try {
    expect(await apiOf(await place.start()).post('/runs', website('Keeping bees'))).toMatchObject({
      status: 403,
      mediaType: 'application/problem+json',
      body: { code: 'CLI_NOT_ALLOWED' },
    });
    expect(model.asked.size).toBe(0);
  } finally {
    await place.remove();
    await model.close();
  }
});

describe('a command under way on a server', () => {
  const word = `waits-${randomBytes(6).toString('hex')}`;
  let shelf: CommandShelf;
  let registry: GitRegistry;
  let place: Installation;

  beforeAll(async () => {
    shelf = makeShelf();
    // It ends with a process of its own in a session of its own: what a group alone would not reach.
    const idle = `sh -c 'while :; do sleep 600; done' ${word}`;
    const file = shelf.shell('wait', `setsid ${idle} & ${idle} & while :; do sleep 600; done`);
    const stage = (timeout: string): string =>
      `stages:\n  - {id: wait, mode: cli_loop, command: wait, timeout: ${timeout}, retry: {attempts: 1}}\n`;
    const head = (name: string): string =>
      `apiVersion: stagewright/v1\nname: ${name}\ntitle: Waits\ntype: website\nversion: 1.0.0\n`;
    registry = makeGitRegistry({
      'stagewright.yaml': MANIFEST,
      'templates/waits/template.yaml': head('waits') + stage('5m'),
      'templates/hurries/template.yaml': head('hurries') + stage('2s'),
    });
    registry.publish('Waits');
    place = await install({ REGISTRY_URL: registry.url, CLI_LOOP_COMMANDS: `wait=${file}` });
  });
  afterAll(async () => {
    await place.remove();
    registry.remove();
    shelf.remove();
  });

  async function untilItWorks(): Promise<void> {
    const end = Date.now() + 30_000;
    while (processesWith(word).length < 2) {
      if (Date.now() > end) throw new Error('The command did not start.');
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  it('is killed with all that it started when its run is cancelled, and when its stage runs out of time', async () => {
    const server = await place.start();
    const api = apiOf(server);
    const { id } = await api.create({ template: 'waits', inputs: {} });
    await untilItWorks();
    expect((await api.verb(id, 'cancel')).status).toBe(200);
    expect(await goneWithin(word)).toEqual([]);
    const late = await api.until((await api.create({ template: 'hurries', inputs: {} })).id, 'failed');
    expect(stageOf(late, 'wait').error?.code).toBe('TASK_TIMEOUT');
    expect(await goneWithin(word)).toEqual([]);
    await server.stop();
  });

  it('F33: dies with a server that is killed with -9, and is run again by the next', async () => {
    const first = await place.start();
    const { id } = await apiOf(first).create({ template: 'waits', inputs: {} });
    await untilItWorks();
    await first.kill();
    expect(await goneWithin(word)).toEqual([]);
    const second = await place.start();
    await untilItWorks();
    expect((await apiOf(second).run(id)).state).toBe('running');
    expect((await apiOf(second).verb(id, 'cancel')).status).toBe(200);
    expect(await goneWithin(word)).toEqual([]);
    await second.stop();
  });

  it('is a reason not to start when its file is not there, and says which', async () => {
    const starting = place.start({ CLI_LOOP_COMMANDS: 'wait=/nowhere/wait' });
    await expect(starting).rejects.toThrow(
      /CONFIG_INVALID[^]*"wait" names \/nowhere\/wait, which is not there/,
    );
  });
});
