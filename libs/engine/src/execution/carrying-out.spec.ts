import { afterAll, describe, expect, it } from '@jest/globals';
import { createIsolation } from '../isolation/index.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { aiStage, manualStage, planOf, plansOf, promptOf } from '../testing/plan-of.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { testDesk } from '../testing/test-desk.ts';
import type { EngineEntry } from './keeper-host.ts';
import type { Actor } from '../vocabulary.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann' };

describe('a run is carried out from its start to its end', () => {
  it('writes one entry per stage, tells listeners in order and leaves memory at its end', async () => {
    const plan = planOf([
      aiStage('one'),
      aiStage('two', { prompt: promptOf('After {{stages.one.output}}') }),
    ]);
    const ai = new ScriptedAiProvider(['first', 'second']);
    const desk = testDesk({ plans: plansOf(plan), ai: scriptedRouter(ai), isolation });
    const heard: EngineEntry[] = [];
    desk.engine.onEntry((entry) => heard.push(entry));

    const created = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    expect(created.state).toBe('running');
    await desk.engine.quiet();

    const done = await desk.engine.get('w', created.id);
    expect(done.state).toBe('done');
    expect(done.stages.map((stage) => stage.output)).toEqual(['first', 'second']);
    expect(ai.requests.map((request) => request.messages)).toEqual([
      [{ role: 'user', text: 'Write one.' }],
      [{ role: 'user', text: 'After first' }],
    ]);
    expect(heard.map((entry) => entry.entry.version)).toEqual([1, 2, 3]);
    expect(heard[1]?.entry.facts.map((fact) => fact.type)).toEqual([
      'task.completed',
      'stage.completed',
      'stage.started',
      'task.queued',
      'task.started',
    ]);
    await desk.engine.quiet();
    expect(desk.engine.load.runs).toBe(0);
  });

  it('shows the same run from memory and from its journal, however fast time goes', async () => {
    class RunningClock extends ManualClock {
      override now() {
        this.advance(1);
        return super.now();
      }
    }
    const desk = testDesk(
      {
        plans: plansOf(planOf([aiStage('one')])),
        ai: scriptedRouter(new ScriptedAiProvider(['first'])),
        clock: new RunningClock(),
        isolation,
      },
      { works: false },
    );
    const created = await desk.engine.create('w', { template: 'test', inputs: {}, start: false }, ann);
    expect(await desk.engine.get('w', created.id)).toEqual(created);
    const started = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    const afterRestart = testDesk({ ...desk.ports });
    expect(await afterRestart.engine.get('w', started.id)).toEqual(started);
  });

  it('parks for a form and goes on with what a person filled in', async () => {
    const form = {
      type: 'object',
      required: ['answer'],
      properties: { answer: { type: 'string', minLength: 2 } },
    };
    const desk = testDesk({
      plans: plansOf(planOf([manualStage('ask', { form })])),
      ai: scriptedRouter(),
      isolation,
    });
    const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    await desk.engine.quiet();
    expect((await desk.engine.get('w', id)).state).toBe('input_pending');
    const bad = desk.engine.send('w', id, {
      type: 'submit-input',
      actor: ann,
      stage: 'ask',
      input: { answer: 'x' },
    });
    await expect(bad).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      details: { violations: [{ path: '/answer' }] },
    });
    const view = await desk.engine.send('w', id, {
      type: 'submit-input',
      actor: ann,
      stage: 'ask',
      input: { answer: 'yes' },
    });
    expect(view.state).toBe('done');
  });
});
