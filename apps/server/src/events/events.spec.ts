import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine, RunView } from '@stagewright/engine';
import {
  manualStage,
  planOf,
  plansOf,
  scriptedRouter,
  ScriptedAiProvider,
} from '@stagewright/engine/testing';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import { as, openRunsApp } from '../../../../test/support/runs-app.ts';
import type { RunsApp } from '../../../../test/support/runs-app.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { ENGINE } from '../runs/engine.tokens.ts';
import { RunsModule } from '../runs/runs.module.ts';
import { SqlRunStore } from '../runs/sql-run-store.ts';
import { EventsModule } from './events.module.ts';

const ada = as('ada');
const stages = Array.from({ length: 5 }, (_, index) => manualStage(`s${index}`));
const plans = plansOf(planOf(stages, { name: 'forms' }));

interface Event {
  id: string;
  event: string;
  data: { run: string; version: number; state: string; progress: number; fact: { type: string } };
}

describeOnEachDatabase(describe, 'live events', ({ open }) => {
  let db: OpenDatabase;
  let server: RunsApp;
  let engine: Engine;
  beforeAll(async () => {
    db = await open();
    const ai = scriptedRouter(new ScriptedAiProvider([]));
    server = await openRunsApp({ db, plans, ai, features: [RunsModule, EventsModule] });
    engine = server.app.get<Engine>(ENGINE);
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await db.close();
  }, 60_000);

  const actor = { kind: 'user' as const, id: 'ada', roles: [] };
  const create = () => engine.create('w', { template: 'forms', inputs: {} }, actor);
  const submit = (id: string, index: number): Promise<RunView> =>
    engine.send('w', id, { type: 'submit-input', actor, stage: `s${index}`, input: { index } });
  const finish = async (id: string, from = 0): Promise<void> => {
    for (let index = from; index < stages.length; index += 1) await submit(id, index);
  };
  const journal = async (id: string): Promise<string[]> => {
    const stored = await new SqlRunStore(db.database).load(id);
    return (stored?.entries ?? []).flatMap((entry) =>
      entry.facts.map((_, index) => `${entry.version}.${index}`),
    );
  };

  it('tell a run that has ended from its first fact to its last, and end', async () => {
    const { id } = await create();
    await finish(id);
    const events = await all(await connect(id));
    expect(events.map((event) => event.id)).toEqual(await journal(id));
    expect(events[0]).toMatchObject({
      id: '1.0',
      event: 'run.created',
      data: { run: id, version: 1, fact: { type: 'run.created' } },
    });
    expect(events.at(-1)?.data).toMatchObject({ state: 'done', progress: 100 });
    expect(events.every((event) => event.event === event.data.fact.type)).toBe(true);
  });

  it('go on after Last-Event-ID, in the middle of an entry too', async () => {
    const { id } = await create();
    await finish(id);
    const ids = await journal(id);
    for (let cut = 0; cut < ids.length; cut += 1) {
      const rest = await all(await connect(id, ids[cut]));
      expect(rest.map((event) => event.id)).toEqual(ids.slice(cut + 1));
    }
  });

  it('tell history and then what happens, without a gap or a repeat, to readers that come at any time', async () => {
    const { id } = await create();
    const readers: Array<Promise<Event[]>> = [];
    for (let index = 0; index < stages.length; index += 1) {
      for (let reader = 0; reader < 4; reader += 1) readers.push(connect(id).then(all));
      await submit(id, index);
    }
    const ids = await journal(id);
    for (const events of await Promise.all(readers)) expect(events.map((event) => event.id)).toEqual(ids);
  }, 20_000);

  it('come whole to a reader that is cut off again and again', async () => {
    const { id } = await create();
    const seen: string[] = [];
    const reading = (async () => {
      for (let connections = 0; connections < 200; connections += 1) {
        const response = await connect(id, seen.at(-1));
        let taken = 0;
        for await (const event of eventsOf(response)) {
          seen.push(event.id);
          taken += 1;
          if (event.event === 'run.completed') return;
          if (taken === 2) break;
        }
        response.destroy();
      }
    })();
    await finish(id);
    await reading;
    expect(seen).toEqual(await journal(id));
  }, 20_000);

  it('show what another process wrote', async () => {
    const { id } = await create();
    const response = await connect(id);
    const events = eventsOf(response);
    const known = await journal(id);
    for (let count = 0; count < known.length; count += 1) await events.next();
    await db.database.query(
      {
        name: '',
        text: `insert into journal_entry (run_id, version, at, facts, state, progress) select run_id, version + 1, at, '[{"type":"elsewhere"}]', state, progress from journal_entry where run_id = $1 order by version desc limit 1`,
      },
      [id],
    );
    expect((await events.next()).value).toMatchObject({ event: 'elsewhere' });
    response.destroy();
  }, 20_000);

  it('end after what has happened so far when nobody wants to follow', async () => {
    const { id } = await create();
    await submit(id, 0);
    const events = await all(await connect(`${id}/events?follow=false`));
    expect(events.map((event) => event.id)).toEqual(await journal(id));
    expect(events.at(-1)?.data.state).toBe('input_pending');
    const refused = await connect(`${id}/events?follow=maybe`);
    expect(refused.resume().statusCode).toBe(422);
  });

  it('are refused for another workspace, an unknown run and an id of another stream', async () => {
    const { id } = await create();
    const status = async (response: Promise<IncomingMessage>): Promise<number | undefined> =>
      (await response).resume().statusCode;
    expect(await status(connect(id, undefined, as('eve', { workspace: 'other' })))).toBe(404);
    expect(await status(connect('no-such-run'))).toBe(404);
    expect(await status(connect(id, 'abc'))).toBe(422);
  });

  it('end when the server is asked to stop', async () => {
    const ai = scriptedRouter(new ScriptedAiProvider([]));
    const second = await openRunsApp({ db, plans, ai, features: [RunsModule, EventsModule] });
    const { id } = await create();
    const response = await connect(id, undefined, ada, second.url);
    const events = eventsOf(response);
    expect((await events.next()).value).toMatchObject({ id: '1.0' });
    const rest = (async () => {
      while (!(await events.next()).done);
    })();
    await second.close();
    await rest;
  }, 20_000);

  function connect(
    id: string,
    lastEventId?: string,
    headers = ada,
    url = server.url,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
      httpRequest(
        `${url}/runs/${id.includes('/') ? id : `${id}/events`}`,
        { headers: { ...headers, ...resume, accept: 'text/event-stream' }, agent: false },
        resolve,
      )
        .on('error', reject)
        .end();
    });
  }
});

async function all(response: IncomingMessage): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of eventsOf(response)) events.push(event);
  return events;
}

async function* eventsOf(response: IncomingMessage): AsyncGenerator<Event> {
  expect(response.headers['content-type']).toMatch(/^text\/event-stream/);
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk as string;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks.filter((candidate) => !candidate.startsWith(':'))) yield parse(block);
  }
}

function parse(block: string): Event {
  const fields = Object.fromEntries(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  return {
    id: fields['id'] ?? '',
    event: fields['event'] ?? '',
    data: JSON.parse(fields['data'] ?? 'null') as Event['data'],
  };
}
