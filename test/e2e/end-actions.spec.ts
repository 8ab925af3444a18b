import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createActionRegistry, createEngine } from '@stagewright/engine';
import type { ActionRegistry, Actor, Engine, EnginePorts, RunId } from '@stagewright/engine';
import { createIsolation } from '@stagewright/engine/isolation';
import { filesFromMap } from '@stagewright/engine/template';
import {
  FolderPlans,
  ManualClock,
  MemoryArtifactStore,
  MemoryRunStore,
  MemoryStageQueue,
  MortalWorker,
  CountedIds,
  ScriptedAiProvider,
  scriptedRouter,
} from '@stagewright/engine/testing';
import { http } from '@stagewright/plugin-http';

import { EgressClient, allowHosts } from '../../apps/server/src/egress/index.ts';

/*
 * What happens after a run is done, with the real plugin and the real way out: a template says it, a receiver on this
 * machine hears it. Only the models, the database and the clock are stand-ins.
 */

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann' };

interface Heard {
  path: string;
  key: string | undefined;
  body: unknown;
}

/** A service that answers with the statuses it is given, one after another, then 200; `null` cuts the connection. */
class Receiver {
  readonly heard: Heard[] = [];
  answers: Array<number | null> = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const key = request.headers['idempotency-key'];
        this.heard.push({
          path: request.url ?? '',
          key: typeof key === 'string' ? key : undefined,
          body: JSON.parse(Buffer.concat(chunks).toString()),
        });
        const status = this.answers.length > 0 ? this.answers.shift() : 200;
        if (status === null) request.socket.destroy();
        else response.writeHead(status ?? 200, { 'retry-after': '20' }).end();
      });
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Counts what was really created: repeating a create under the same id makes nothing. */
class CountingRunStore extends MemoryRunStore {
  created: RunId[] = [];

  override async create(...given: Parameters<MemoryRunStore['create']>): Promise<boolean> {
    const made = await super.create(...given);
    if (made) this.created.push(given[1]);
    return made;
  }
}

const template = (name: string, permissions: string, onComplete: string): string => `
apiVersion: stagewright/v1
name: ${name}
type: note
version: 1.0.0
permissions: [${permissions}]
inputs: {type: object, additionalProperties: false, properties: {topic: {type: string, default: Tea}}}
stages:
  - {id: text, mode: ai, prompt: prompts/text.hbs}
onComplete:
  - ${onComplete}
`;

describe('after a run is done', () => {
  let receiver: Receiver;
  let egress: EgressClient;
  let store: CountingRunStore;
  let clock: ManualClock;
  let engines: Engine[];
  beforeEach(async () => {
    receiver = new Receiver();
    await receiver.open();
    egress = new EgressClient({ allow: allowHosts([receiver.host]) });
    store = new CountingRunStore();
    clock = new ManualClock();
    engines = [];
  });
  afterEach(async () => {
    for (const engine of engines) await engine.close(0);
    await egress.close();
    await receiver.close();
  });

  const actions = createActionRegistry(
    [
      http,
      {
        ...http,
        name: 'note',
        actions: [],
        workflowType: { name: 'note', title: 'Note', description: 'A note.' },
      },
    ],
    { readAsset: () => Promise.reject(new Error('There are no assets here.')) },
  );

  function portsOf(files: Record<string, string>, given: Partial<EnginePorts> = {}): EnginePorts {
    const all = new Map(
      Object.entries(files).flatMap(([name, text]) => [
        [`templates/${name}/template.yaml`, text] as const,
        [`templates/${name}/prompts/text.hbs`, 'Write.\n'] as const,
      ]),
    );
    return {
      store,
      clock,
      queue: new MemoryStageQueue(),
      plans: new FolderPlans(filesFromMap(all), actions),
      ai: scriptedRouter(new ScriptedAiProvider(() => 'A text about tea.')),
      artifacts: new MemoryArtifactStore(),
      isolation,
      actions,
      ids: new CountedIds(),
      workers: new MortalWorker(),
      egress: (request) => egress.request(request),
      ...given,
    };
  }

  function engineOn(ports: EnginePorts): Engine {
    const engine = createEngine(ports);
    engines.push(engine);
    return engine;
  }

  const hook = (path = '/hook') =>
    template(
      'note',
      'http:write',
      `{uses: http/request, with: {url: "http://${receiver.host}${path}", method: POST, body: {run: "\${{ run.id }}", text: "\${{ stages.text.output }}"}}}`,
    );

  async function runOn(engine: Engine): Promise<RunId> {
    const { id } = await engine.create('w', { template: 'note', inputs: {} }, ann);
    await engine.quiet();
    return id;
  }

  /** Lets an hour go by, minute by minute. */
  async function anHour(engine: Engine): Promise<void> {
    for (let minute = 0; minute < 60; minute += 1) {
      clock.advance(60_000);
      await engine.recover();
      await engine.quiet();
    }
  }

  /** What the journal says of the run's end actions. */
  async function story(id: RunId): Promise<string[]> {
    const facts = (await store.load(id))?.entries.flatMap((entry) => entry.facts) ?? [];
    return facts.flatMap((fact) => {
      if (fact.type === 'end-action.failed')
        return [`failed ${fact.error.code}${fact.retryAt === null ? '' : ', again later'}`];
      return fact.type.startsWith('end-action.') ? [fact.type.slice('end-action.'.length)] : [];
    });
  }

  it('its receiver is told once, under the key of the call', async () => {
    const engine = engineOn(portsOf({ note: hook() }));
    const id = await runOn(engine);
    await anHour(engine);
    expect(receiver.heard).toEqual([
      {
        path: '/hook',
        key: expect.stringMatching(/^[\w:-]{16,}$/),
        body: { run: id, text: 'A text about tea.' },
      },
    ]);
    expect(await story(id)).toEqual(['started', 'taken', 'completed']);
    expect(await engine.get('w', id)).toMatchObject({ state: 'done' });
  });

  it('two runs have two keys', async () => {
    const engine = engineOn(portsOf({ note: hook() }));
    await runOn(engine);
    await runOn(engine);
    expect(new Set(receiver.heard.map(({ key }) => key)).size).toBe(2);
  });

  it('a receiver that is down is told again, the same under the same key, until it hears', async () => {
    receiver.answers = [503, null, 429];
    const engine = engineOn(portsOf({ note: hook() }));
    const id = await runOn(engine);
    expect(await story(id)).toEqual(['started', 'taken', 'failed HTTP_UNAVAILABLE, again later']);
    clock.advance(19_000);
    await engine.recover();
    await engine.quiet();
    // It asked for twenty seconds.
    expect(receiver.heard).toHaveLength(1);
    await anHour(engine);
    expect(receiver.heard).toHaveLength(4);
    expect(new Set(receiver.heard.map((heard) => JSON.stringify(heard))).size).toBe(1);
    expect(await story(id)).toEqual([
      'started',
      'taken',
      'failed HTTP_UNAVAILABLE, again later',
      'started',
      'taken',
      'failed UPSTREAM_UNREACHABLE, again later',
      'started',
      'taken',
      'failed HTTP_RATE_LIMITED, again later',
      'started',
      'taken',
      'completed',
    ]);
  });

  it('a receiver that stays down is given up on in the end, and the run stays done', async () => {
    receiver.answers = Array.from({ length: 50 }, () => 500);
    const engine = engineOn(portsOf({ note: hook() }));
    const id = await runOn(engine);
    await anHour(engine);
    expect(receiver.heard).toHaveLength(5);
    expect((await story(id)).at(-1)).toBe('failed HTTP_UNAVAILABLE');
    expect(await engine.get('w', id)).toMatchObject({ state: 'done', error: null });
  });

  it.each([
    [409, 'HTTP_REFUSED'],
    [410, 'HTTP_GONE'],
    [404, 'HTTP_REFUSED'],
  ])(
    'a receiver that answers %i is not told again; that is on record, and the run stays done',
    async (status, code) => {
      receiver.answers = [status];
      const engine = engineOn(portsOf({ note: hook() }));
      const id = await runOn(engine);
      await anHour(engine);
      expect(receiver.heard).toHaveLength(1);
      expect(await story(id)).toEqual(['started', 'taken', `failed ${code}`]);
      const tries = store.attempts(id).filter(({ task }) => task === 'end-action:0');
      expect(tries).toMatchObject([{ state: 'failed', error: { code, retryable: false } }]);
      expect(await engine.get('w', id)).toMatchObject({ state: 'done', error: null });
    },
  );

  it('a receiver that nobody allowed is not told', async () => {
    await egress.close();
    egress = new EgressClient({ allow: allowHosts([]) });
    const engine = engineOn(portsOf({ note: hook() }));
    const id = await runOn(engine);
    expect(receiver.heard).toEqual([]);
    expect(await story(id)).toEqual(['started', 'taken', 'failed EGRESS_BLOCKED']);
  });

  it('a template that grants nothing of the network cannot send', async () => {
    const engine = engineOn(portsOf({ note: hook().replace('http:write', 'runs:start') }));
    await expect(runOn(engine)).rejects.toMatchObject({ code: 'TEMPLATE_INVALID' });
  });

  describe('and the process dies before it has written down that', () => {
    /** The actions, until one of them has had its effect: then its answer never comes, as when the process is killed. */
    function dyingAfter(action: string): { actions: ActionRegistry; effect: Promise<void> } {
      let happened: () => void = () => undefined;
      const effect = new Promise<void>((resolve) => (happened = resolve));
      const run: ActionRegistry['run'] = async (id, input, context) => {
        const output = await actions.run(id, input, context);
        if (id !== action) return output;
        happened();
        return await new Promise(() => undefined);
      };
      return { actions: { ...actions, run }, effect };
    }

    it('the receiver was told, the next one tells it again under the same key', async () => {
      const files = { note: hook() };
      const dying = dyingAfter('http/request');
      const ports = portsOf(files, { actions: dying.actions });
      const first = engineOn(ports);
      const { id } = await first.create('w', { template: 'note', inputs: {} }, ann);
      await dying.effect;
      await first.close(0);
      const second = engineOn({ ...ports, actions, queue: new MemoryStageQueue() });
      await second.recover();
      await second.quiet();
      expect(receiver.heard).toHaveLength(2);
      expect(receiver.heard[0]).toEqual(receiver.heard[1]);
      expect((await story(id)).at(-1)).toBe('completed');
    });

    it('another run was started, there is still only that one', async () => {
      const files = {
        note: template(
          'note',
          'runs:start',
          '{uses: workflow/start, with: {template: next, inputs: {topic: Coffee}}}',
        ),
        next: template('next', '', '{uses: tool/call, if: "false", with: {action: http/get}}'),
      };
      const dying = dyingAfter('workflow/start');
      const ports = portsOf(files, { actions: dying.actions });
      const first = engineOn(ports);
      const { id } = await first.create('w', { template: 'note', inputs: {} }, ann);
      await dying.effect;
      await first.close(0);
      expect(await story(id)).toEqual(['started', 'taken']);
      const second = engineOn({ ...ports, actions, queue: new MemoryStageQueue() });
      await second.recover();
      await second.quiet();
      await anHour(second);
      expect((await story(id)).at(-1)).toBe('completed');
      expect(store.created).toHaveLength(2);
      const other = store.created.find((one) => one !== id)!;
      expect(await second.get('w', other)).toMatchObject({ state: 'done' });
      expect((await store.load(other))?.entries[0]?.facts[0]).toMatchObject({ inputs: { topic: 'Coffee' } });
    });
  });
});
