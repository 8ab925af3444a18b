import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Engine, RunId, RunView } from '@stagewright/engine';
import { aiStage, planOf, plansOf, scriptedRouter, ScriptedAiProvider } from '@stagewright/engine/testing';
import type { ScriptedAnswer } from '@stagewright/engine/testing';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import { openRunsApp } from '../../../../test/support/runs-app.ts';
import type { RunsApp } from '../../../../test/support/runs-app.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { ENGINE } from './engine.tokens.ts';
import { RunsModule } from './runs.module.ts';
import { SqlRunStore } from './sql-run-store.ts';

jest.setTimeout(60_000);

const plans = plansOf(planOf([aiStage('outline'), aiStage('text'), aiStage('title')], { name: 'book' }));
const actor = { kind: 'user' as const, id: 'ada', roles: [] };

/** Processes that share a database, one after the other. The first stage answers; `text` does what a test says. */
describeOnEachDatabase(describe, 'a server that is started again', ({ open }) => {
  let db: OpenDatabase;
  const running: RunsApp[] = [];
  beforeEach(async () => {
    db = await open();
  });
  afterEach(async () => {
    const servers = running.splice(0);
    // The "killed" one still waits for its model: without this its stop would wait for that too.
    await Promise.all(servers.map((server) => server.app.get<Engine>(ENGINE).close(0)));
    await Promise.all(servers.map((server) => server.close()));
    await db.close();
  });

  interface Process {
    engine: Engine;
    /** The stages that its model was asked for, in order. */
    asked: string[];
  }

  async function start(text: ScriptedAnswer | Promise<ScriptedAnswer>): Promise<Process> {
    const asked: string[] = [];
    const provider = new ScriptedAiProvider((request) => {
      const stage = /Write (\w+)\./.exec(JSON.stringify(request.messages))?.[1] ?? '';
      asked.push(stage);
      return stage === 'text' ? text : `answer for ${stage}`;
    });
    const server = await openRunsApp({ db, plans, ai: scriptedRouter(provider), features: [RunsModule] });
    running.push(server);
    return { engine: server.app.get<Engine>(ENGINE), asked };
  }

  async function until<T>(look: () => Promise<T>, enough: (value: T) => boolean): Promise<T> {
    for (let tries = 0; tries < 1_600; tries += 1) {
      const value = await look();
      if (enough(value)) return value;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('It did not happen.');
  }
  const stopped = (process: Process, id: RunId): Promise<RunView> =>
    until(
      () => process.engine.get('w', id),
      ({ state }) => state === 'done' || state === 'failed',
    );

  it('takes up what a killed one left, asks again only for what was not answered, and hears no late answer', async () => {
    let answerLate: (answer: ScriptedAnswer) => void = () => undefined;
    const killed = await start(new Promise<ScriptedAnswer>((resolve) => (answerLate = resolve)));
    const { id } = await killed.engine.create('w', { template: 'book', inputs: {} }, actor);
    await until(
      () => Promise.resolve(killed.asked),
      (asked) => asked.includes('text'),
    );

    // As far as the database can tell, this is a process that died: it says nothing more.
    const next = await start('the text');
    const view = await stopped(next, id);
    expect(view).toMatchObject({ state: 'done', progress: 100 });
    expect(killed.asked).toEqual(['outline', 'text']);
    expect(next.asked).toEqual(['text', 'title']);

    answerLate('too late');
    await until(
      () => killed.engine.get('w', id),
      ({ state }) => state === 'done',
    );
    const facts =
      (await new SqlRunStore(db.database).load(id))?.entries.flatMap((entry) => entry.facts) ?? [];
    expect(JSON.stringify(facts)).not.toContain('too late');
    const finished = facts.flatMap((fact) => (fact.type === 'task.completed' ? [fact.task] : []));
    expect(new Set(finished).size).toBe(finished.length);
    expect(finished).toHaveLength(3);
  });

  it('goes on with many runs at once, each to its end', async () => {
    const killed = await start({ hang: true });
    const ids = await Promise.all(
      Array.from(
        { length: 12 },
        async () => (await killed.engine.create('w', { template: 'book', inputs: {} }, actor)).id,
      ),
    );
    await until(
      () => Promise.resolve(killed.asked),
      (asked) => asked.includes('text'),
    );
    const next = await start('the text');
    for (const id of ids) expect(await stopped(next, id)).toMatchObject({ state: 'done' });
  });
});
