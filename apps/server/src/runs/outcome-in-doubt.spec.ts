import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunView } from '@stagewright/engine';
import type { Action, Plugin } from '@stagewright/engine/plugin';
import {
  planOf,
  plansOf,
  scriptedRouter,
  ScriptedAiProvider,
  systemStage,
} from '@stagewright/engine/testing';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import { as, openRunsApp } from '../../../../test/support/runs-app.ts';
import type { RunsApp } from '../../../../test/support/runs-app.ts';
import { ApprovalsModule } from '../approvals/approvals.module.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { RunsModule } from './runs.module.ts';

/* What takes no key is sent once, whatever happens to the connection or to the server; a person is asked instead. */

const stage = planOf([systemStage('send', 'post/send')], { name: 'stage' });
const atEnd = planOf([systemStage('quiet', 'post/rest')], {
  name: 'end',
  onComplete: [{ uses: 'post/send', if: null, with: {} }],
});

let sent = 0;
let release: () => void = () => undefined;
let behaviour: 'breaks' | 'hangs' | 'works' = 'works';
const action: Pick<Action, 'description' | 'input' | 'scopes' | 'examples'> = {
  description: 'Sends.',
  input: {},
  scopes: [],
  examples: [],
};
const post: Plugin = {
  name: 'post',
  version: '1.0.0',
  title: 'Post',
  description: 'Sends.',
  actions: [
    {
      ...action,
      id: 'post/rest',
      output: {},
      idempotency: 'natural' as const,
      run: () => Promise.resolve(null),
    },
    {
      ...action,
      id: 'post/send',
      output: { type: 'object', required: ['id'] },
      idempotency: 'none' as const,
      run: async () => {
        sent += 1;
        if (behaviour === 'hangs') await new Promise<void>((resolve) => (release = resolve));
        if (behaviour === 'breaks') throw new Error('socket hang up');
        return { id: sent };
      },
    },
  ],
};

const ada = as('ada');
const eve = as('eve', { workspace: 'other' });

describeOnEachDatabase(describe, 'an outcome that nobody knows', ({ open }) => {
  let db: OpenDatabase;
  let server: RunsApp;
  const start = async (): Promise<void> => {
    const parts = {
      db,
      plans: plansOf(stage, atEnd),
      ai: scriptedRouter(new ScriptedAiProvider([])),
      plugins: [post],
    };
    server = await openRunsApp({ ...parts, features: [RunsModule, ApprovalsModule] });
  };
  beforeAll(async () => {
    db = await open();
    await start();
  }, 60_000);
  afterEach(() => {
    [sent, behaviour] = [0, 'works'];
  });
  afterAll(async () => {
    await server.close();
    await db.close();
  }, 60_000);

  async function send(method: string, path: string, body?: unknown, headers = ada) {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
  async function until(id: string, wanted: (run: RunView) => boolean): Promise<RunView> {
    for (let tries = 0; tries < 400; tries += 1) {
      const run = (await send('GET', `/runs/${id}`)).body as unknown as RunView;
      if (wanted(run)) return run;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('The run did not come there.');
  }
  const isInDoubt = (run: RunView): boolean => run.waitingFor.some(({ kind }) => kind === 'review');
  const begin = async (template: string): Promise<string> =>
    (await send('POST', '/runs', { template, inputs: {} })).body['id'] as string;
  const inbox = async (id: string, headers = ada) =>
    (await send('GET', `/approvals?kind=review&run=${id}`, undefined, headers)).body;
  const task = { task: 'send', attempt: 1 };

  it('is in the inbox of its workspace, until somebody says what became of it', async () => {
    behaviour = 'breaks';
    const id = await begin('stage');
    expect((await until(id, isInDoubt)).state).toBe('input_pending');
    expect(await inbox(id)).toMatchObject({
      total: 1,
      items: [{ run: { id }, wait: { kind: 'review', ...task, code: 'ACTION_OUTCOME_UNKNOWN' } }],
    });
    expect(await inbox(id, eve)).toMatchObject({ total: 0 });

    const done = { ...task, outcome: 'done', output: { id: 7 } };
    expect((await send('POST', `/runs/${id}/resolve`, done, eve)).status).toBe(404);
    expect(await send('POST', `/runs/${id}/resolve`, { ...done, output: 7 })).toMatchObject({
      status: 422,
      body: { code: 'INPUT_INVALID' },
    });
    expect(await send('POST', `/runs/${id}/resolve`, { ...done, attempt: 2 })).toMatchObject({
      status: 409,
      body: { code: 'STATE_CONFLICT', state: 'input_pending' },
    });
    expect(await send('POST', `/runs/${id}/resolve`, done)).toMatchObject({
      status: 200,
      body: { state: 'done', stages: [{ output: { id: 7 } }], waitingFor: [] },
    });
    expect(await inbox(id)).toMatchObject({ total: 0 });
    expect(sent).toBe(1);
  });

  it('of an end action is in the inbox as well, though the run is done', async () => {
    behaviour = 'breaks';
    const id = await begin('end');
    expect((await until(id, isInDoubt)).state).toBe('done');
    expect(await inbox(id)).toMatchObject({
      total: 1,
      items: [{ wait: { task: 'end-action:0', attempt: 1 } }],
    });
    behaviour = 'works';
    const again = { task: 'end-action:0', attempt: 1, outcome: 'repeat', comment: 'Nothing came in there.' };
    expect((await send('POST', `/runs/${id}/resolve`, again)).status).toBe(200);
    await until(id, (run) => !isInDoubt(run) && sent === 2);
    expect(await inbox(id)).toMatchObject({ total: 0 });
  });

  it('after a server took over in the middle of it: it is not sent again', async () => {
    behaviour = 'hangs';
    const id = await begin('stage');
    await until(id, () => sent === 1);
    const first = server;
    await start();
    const run = await until(id, isInDoubt);
    expect(sent).toBe(1);
    // The first one was only slow. What it has to say comes too late to undo the question.
    release();
    await first.close();
    expect((await send('GET', `/runs/${id}`)).body).toEqual(run);
  });
});
