import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RunState, RunView } from '@stagewright/engine';

import { ROOT } from '../support/root.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { apiOf } from './support/api.ts';
import type { Answer, Api } from './support/api.ts';
import { describeOnEachDeployment } from './support/deployments.ts';
import { readEvents } from './support/event-stream.ts';
import { FORK_REGISTRY, understandFork } from './support/fork-template.ts';
import { makeGitRegistry } from './support/git-registry.ts';
import type { GitRegistry } from './support/git-registry.ts';
import type { Installation } from './support/installation.ts';
import { startModelService } from './support/model-service.ts';
import type { ModelService } from './support/model-service.ts';

jest.setTimeout(240_000);

/** A body with which each verb applies to a run of `fork` in which everything waits. */
const BODIES: Record<string, unknown> = {
  start: undefined,
  approve: { stage: 'gate', round: 1 },
  'request-changes': { stage: 'gate', round: 1, comments: [{ body: 'Shorter, please.' }] },
  'submit-input': { stage: 'form', input: { text: 'Filled in.' } },
  'next-stage': {},
  pause: undefined,
  resume: {},
  cancel: { reason: 'Enough.' },
  resolve: { task: 'base', attempt: 1, outcome: 'repeat' },
  retry: undefined,
  rerun: { from: 'base' },
  upgrade: {},
};
const VERBS = Object.keys(BODIES);

/** How a run comes into each state, and what it waits for there. */
const STATES: Record<RunState, { inputs: Record<string, boolean>; waits: string[] }> = {
  draft: { inputs: {}, waits: [] },
  running: {
    inputs: { hold: true, gate: true, form: true, advance: true },
    waits: ['advance', 'approval', 'input'],
  },
  approval_pending: {
    inputs: { gate: true, form: true, advance: true },
    waits: ['advance', 'approval', 'input'],
  },
  input_pending: { inputs: { form: true, advance: true }, waits: ['advance', 'input'] },
  paused: { inputs: { gate: true, form: true, advance: true }, waits: ['advance', 'approval', 'input'] },
  done: { inputs: {}, waits: [] },
  failed: { inputs: { fail: true }, waits: [] },
  cancelled: { inputs: { gate: true }, waits: [] },
};
const STATE_NAMES = Object.keys(STATES) as RunState[];

/** The table of the reference: users read it, so the server has to keep it. */
const APPLIES = tableOfVerbs();
const cells = STATE_NAMES.flatMap((state) =>
  // No action of `fork` is ever in doubt: `resolve` is refused wherever a run of it stands.
  VERBS.map((verb) => ({
    verb,
    state,
    applies: verb !== 'resolve' && APPLIES.has(`${verb} ${state}`),
  })),
);

function tableOfVerbs(): Set<string> {
  const page = readFileSync(join(ROOT, 'docs/reference/run-life.md'), 'utf8');
  const lines =
    (page.split('\n## Verbs\n')[1] ?? '')
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('|')) ?? [];
  const [head = [], , ...rows] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return new Set(
    rows.flatMap(([verb, ...row]) =>
      row.flatMap((cell, index) => (cell === 'yes' ? [`${verb} ${head[index + 1]}`] : [])),
    ),
  );
}

describeOnEachDeployment(describe, 'the verbs of a run', ({ install }) => {
  let registry: GitRegistry;
  let model: ModelService;
  let place: Installation;
  let server: ServerProcess;
  let api: Api;
  let shared: RunView | undefined;

  beforeAll(async () => {
    registry = makeGitRegistry(FORK_REGISTRY);
    registry.publish('Fork');
    model = await startModelService(understandFork);
    model.hold((name) => name === 'held');
    place = await install({ REGISTRY_URL: registry.url, ...model.settings });
    server = await place.start();
    api = apiOf(server);
  });
  afterAll(async () => {
    await place.remove();
    await model.close();
    registry.remove();
  });

  async function runIn(state: RunState): Promise<RunView> {
    const { inputs, waits } = STATES[state];
    const run = await api.create({
      template: 'fork',
      inputs,
      ...(state === 'draft' ? { start: false } : {}),
    });
    const before: RunState = state === 'paused' || state === 'cancelled' ? 'approval_pending' : state;
    await api.until(
      run.id,
      (now) =>
        now.state === before && waits.every((kind) => now.waitingFor.some((wait) => wait.kind === kind)),
    );
    if (state === 'paused') await api.verb(run.id, 'pause');
    if (state === 'cancelled') await api.verb(run.id, 'cancel');
    return api.until(run.id, state);
  }

  /** A held model call keeps its place at the service until its run ends. */
  async function dismiss({ id }: RunView): Promise<void> {
    await api.verb(id, 'cancel');
    for (let tries = 0; model.holding().length > 0 && tries < 500; tries += 1)
      await new Promise((done) => setTimeout(done, 20));
    expect(model.holding()).toEqual([]);
  }

  it('are as many as the reference lists', () => {
    expect(
      [...APPLIES].filter((cell) => !cells.some(({ verb, state }) => cell === `${verb} ${state}`)),
    ).toEqual([]);
    expect(cells).toHaveLength(96);
    expect(APPLIES.size).toBeGreaterThan(30);
  });

  it.each(STATE_NAMES)(
    'that do not apply to a run that is %s are refused, and leave it as it was',
    async (state) => {
      const run = await runIn(state);
      for (const { verb } of cells.filter((cell) => cell.state === state && !cell.applies)) {
        const answer = await api.verb(run.id, verb, BODIES[verb]);
        expect({ verb, ...essence(answer) }).toEqual({
          verb,
          status: 409,
          mediaType: 'application/problem+json',
          code: 'STATE_CONFLICT',
          state,
        });
      }
      expect(await api.run(run.id)).toEqual(run);
      await dismiss(run);
    },
  );

  it.each(cells.filter(({ applies }) => applies))(
    '$verb applies to a run that is $state',
    async ({ verb, state }) => {
      const run = await runIn(state);
      const answer = await api.verb(run.id, verb, BODIES[verb]);
      expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status: 200, code: undefined });
      expect(answer.body['version']).toBeGreaterThan(run.version);
      await dismiss(run);
    },
  );

  it('refuse a decision about an earlier round as stale, and say which round it is', async () => {
    const run = await runIn('approval_pending');
    await api.verb(run.id, 'request-changes', BODIES['request-changes']);
    await api.until(run.id, (now) =>
      now.waitingFor.some((wait) => wait.kind === 'approval' && wait.round === 2),
    );
    for (const verb of ['approve', 'request-changes']) {
      const answer = await api.verb(run.id, verb, BODIES[verb]);
      expect(answer).toMatchObject({ status: 409, mediaType: 'application/problem+json' });
      expect(answer.body).toMatchObject({ code: 'APPROVAL_STALE', state: 'approval_pending', round: 2 });
    }
    expect((await api.verb(run.id, 'approve', { stage: 'gate', round: 2 })).status).toBe(200);
  });

  it('let one of several decisions at once win, and tell the others who did', async () => {
    const { id } = await runIn('approval_pending');
    const verbs = ['approve', 'request-changes', 'approve', 'request-changes', 'approve', 'approve'];
    const answers = await Promise.all(verbs.map((verb) => api.verb(id, verb, BODIES[verb])));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 409, 409, 409, 409, 409]);
    for (const { body } of answers.filter(({ status }) => status === 409))
      expect(['STATE_CONFLICT', 'APPROVAL_STALE']).toContain(body['code']);
    const { version } = await api.run(id);
    const events = await readEvents(server, id, { enough: (all) => (all.at(-1)?.version ?? 0) >= version });
    expect(
      events.filter(({ type }) => type === 'approval.given' || type === 'changes.requested'),
    ).toHaveLength(1);
  });

  it.each([
    ['approve', undefined],
    ['approve', {}],
    ['approve', { stage: 'gate' }],
    ['approve', { stage: 'gate', round: 0 }],
    ['approve', { stage: 'gate', round: '1' }],
    ['approve', { stage: 'Gate!', round: 1 }],
    ['approve', { stage: 'gate', round: 1, actor: { id: 'somebody else' } }],
    ['request-changes', { stage: 'gate', round: 1 }],
    ['request-changes', { stage: 'gate', round: 1, comments: [] }],
    ['request-changes', { stage: 'gate', round: 1, comments: [{ body: '' }] }],
    ['request-changes', { stage: 'gate', round: 1, comments: [{ body: '  ' }] }],
    ['request-changes', { stage: 'gate', round: 1, comments: 'Shorter' }],
    ['submit-input', { input: { text: 'x' } }],
    ['submit-input', { stage: 'form', input: { text: 5 } }],
    ['submit-input', { stage: 'form', input: { text: 'x', more: 'y' } }],
    ['next-stage', { stage: 7 }],
    ['resume', { budgetUsd: -1 }],
    ['cancel', { reason: 5 }],
    ['resolve', { task: 'base', outcome: 'done' }],
    ['resolve', { task: 'base', attempt: 1, outcome: 'perhaps' }],
    ['rerun', {}],
    ['rerun', { from: 3 }],
    ['upgrade', { revision: '' }],
  ])('refuse %s with the body %j', async (verb, body) => {
    shared ??= await runIn('approval_pending');
    const answer = await api.verb(shared.id, verb, body);
    expect(answer).toMatchObject({ status: 422, mediaType: 'application/problem+json' });
    expect(['REQUEST_INVALID', 'INPUT_INVALID']).toContain(answer.body['code']);
    expect((await api.run(shared.id)).version).toBe(shared.version);
  });
  it.each(VERBS)('refuse %s of a run that is not there', async (verb) => {
    const answer = await api.verb('0190f000-0000-7000-8000-000000000000', verb, BODIES[verb]);
    expect(answer).toMatchObject({
      status: 404,
      mediaType: 'application/problem+json',
      body: { code: 'RUN_NOT_FOUND' },
    });
  });

  it.each([
    ['rerun', { from: 'nowhere' }, 'RUN_UNKNOWN_STAGE'],
    ['approve', { stage: 'nowhere', round: 1 }, 'RUN_UNKNOWN_STAGE'],
    ['submit-input', { stage: 'form', task: 'form/7', input: { text: 'x' } }, 'RUN_UNKNOWN_TASK'],
  ])('refuse %s with %j as %s', async (verb, body, code) => {
    shared ??= await runIn('approval_pending');
    expect(await api.verb(shared.id, verb, body)).toMatchObject({ status: 404, body: { code } });
  });

  it.each([
    ['no token', null],
    ['a wrong token', 'x'.repeat(43)],
  ])('ask for a token: %s is refused everywhere, and changes nothing', async (_, token) => {
    const run = await runIn('approval_pending');
    const stranger = apiOf(server, token);
    const reads = ['', '/stages', '/attempts', '/artifacts', '/events'].map((path) =>
      stranger.get(`/runs/${run.id}${path}`),
    );
    const lists = ['/runs', '/approvals', '/templates', '/registry'].map((path) => stranger.get(path));
    const previews = ['retry', 'rerun', 'upgrade'].map((verb) =>
      stranger.post(`/runs/${run.id}/${verb}/preview`, BODIES[verb]),
    );
    const verbs = VERBS.map((verb) => stranger.verb(run.id, verb, BODIES[verb]));
    const answers = await Promise.all([
      ...reads,
      ...lists,
      ...previews,
      ...verbs,
      stranger.post('/runs', { template: 'fork', inputs: {} }),
      stranger.post('/registry/sync'),
    ]);
    for (const answer of answers)
      expect(answer).toMatchObject({
        status: 401,
        mediaType: 'application/problem+json',
        body: { code: 'AUTH_INVALID' },
      });
    expect(await api.run(run.id)).toEqual(run);
  });
});

function essence({ status, mediaType, body }: Answer): Record<string, unknown> {
  return { status, mediaType, code: body['code'], state: body['state'] };
}
