import { describe, it, expect } from '@jest/globals';
import { ANNA, Story, each, gateOf, lockOf, planOf } from '../../../../test/support/run/story.ts';
import type { Plan } from '../template/plan.ts';
import { outstanding, replay, waits } from './index.ts';
import type { RunVerb } from './index.ts';

const RETRY: RunVerb = { type: 'retry', actor: ANNA };
const rerun = (from: string): RunVerb => ({ type: 'rerun', actor: ANNA, from });
const usage = (usd: number | null) => ({ inputTokens: 1, outputTokens: 1, usd });

describe('retry', () => {
  it('makes only what is not done again, in a new round', () => {
    const plan = planOf([{ id: 'w', forEach: each('inputs.list', 3) }, { id: 'build' }]);
    const story = Story.started(plan, { list: [1, 2, 3] })
      .gives('w/0', 'A')
      .fails('w/1', { retryable: false });
    expect(story.does(RETRY).executes).toEqual(['w/1#2', 'w/2#2']);
    expect(story.stage('w')).toMatchObject({ round: 2, state: 'running', error: null });
    expect(story.run).toMatchObject({ state: 'running', error: null, endedAt: null });
    story.gives('w/1', 'B').gives('w/2', 'C');
    expect(story.stage('w').output).toEqual(['A', 'B', 'C']);
  });

  it('takes up the other branches that the failure stopped, and gates that were open', () => {
    const plan = planOf([
      { id: 'a' },
      { id: 'b', needs: [] },
      { id: 'c', needs: [], approval: gateOf({ deadlineMs: 1_000, onDeadline: 'fail' }) },
    ]);
    const story = Story.started(plan).gives('c').fails('a', { retryable: false });
    expect(story.states).toBe('failed cancelled approval_pending');
    expect(waits(plan, story.run)).toEqual([]);
    story.does(RETRY);
    expect(story.executes).toEqual(['a#2', 'b#2']);
    expect(story.commands.filter(({ type }) => type === 'set-timer')).toHaveLength(1);
    expect(story.approves('c').stage('c').state).toBe('done');
  });

  it('of a gate that timed out asks again without making anything again', () => {
    const plan = planOf([{ id: 'a', approval: gateOf({ deadlineMs: 1_000, onDeadline: 'fail' }) }]);
    const story = Story.started(plan).gives('a', 'A').fires('deadline').does(RETRY);
    expect(story.executes).toEqual([]);
    expect(story.stage('a')).toMatchObject({ state: 'approval_pending', round: 2, output: 'A' });
  });
});

describe('rerun', () => {
  it('begins anew from the stage and for all that depends on it', () => {
    const plan = planOf([{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'side', needs: ['a'] }]);
    const story = Story.started(plan)
      .gives('a', 1)
      .gives('b', 2)
      .gives('side', 3)
      .gives('c', 4)
      .does(rerun('b'));
    expect(story.states).toBe('done running pending done');
    expect(story.executes).toEqual(['b#2']);
    expect(story.run).toMatchObject({ state: 'running', outputs: null, endedAt: null });
    expect(story.task('b')).toMatchObject({ output: null, last: { attempt: 1, output: 2 } });
    expect(story.gives('b', 5).gives('c', 6).run.state).toBe('done');
    expect(story.stage('c')).toMatchObject({ round: 2, output: 6 });
  });

  it('of a failed run retries what failed elsewhere, so that the run can come to its end', () => {
    const plan = planOf([{ id: 'a' }, { id: 'b', needs: [] }, { id: 'end', needs: ['a', 'b'] }]);
    const story = Story.started(plan).gives('a').fails('b', { retryable: false }).does(rerun('a'));
    expect(story.executes).toEqual(['a#2', 'b#2']);
    expect(story.gives('a').gives('b').executes).toEqual(['end#1']);
  });

  it('is refused for a stage that has not run, and while work is under way', () => {
    const plan = planOf([{ id: 'a', approval: gateOf() }, { id: 'b' }]);
    const story = Story.started(plan).gives('a');
    expect(story.refusal(rerun('b')).code).toBe('STATE_CONFLICT');
    const busy = Story.started(plan).does({ type: 'pause', actor: ANNA });
    expect(busy.refusal(rerun('a'))).toMatchObject({ code: 'STATE_CONFLICT', details: { state: 'paused' } });
    expect(busy.refusal({ type: 'upgrade', actor: ANNA, lock: lockOf(plan) }).code).toBe('STATE_CONFLICT');
  });

  it('forgets the retry that a task waited for: its timer does not start a stage before its turn', () => {
    const story = Story.started(planOf([{ id: 'a' }, { id: 'w' }]))
      .gives('a')
      .fails('w');
    const [command] = story.commands;
    story
      .does({ type: 'pause', actor: ANNA })
      .does(rerun('a'))
      .does({ type: 'resume', actor: ANNA })
      .later(120_000);
    expect(story.states).toBe('running pending');
    if (command?.type === 'set-timer') story.does({ type: 'timer-fired', timer: command.timer });
    expect(story.facts).toEqual([]);
    expect(story.gives('a').executes).toEqual(['w#2']);
  });

  it('closes an open gate: who saw the old round cannot approve the new one', () => {
    const plan = planOf([{ id: 'a' }, { id: 'b', approval: gateOf() }]);
    const story = Story.started(plan).gives('a').gives('b').does(rerun('a')).gives('a').gives('b');
    expect(story.refusal({ type: 'approve', actor: ANNA, stage: 'b', round: 1 }).code).toBe('APPROVAL_STALE');
  });

  it('over a list that got shorter and longer again never gives an attempt number twice', () => {
    const plan = planOf([{ id: 'a' }, { id: 'w', forEach: each('stages.a.output') }]);
    const story = Story.started(plan).gives('a', [1, 2]).gives('w/0').gives('w/1');
    story.does(rerun('a')).gives('a', [1]);
    expect(story.executes).toEqual(['w/0#2']);
    expect(story.gives('w/0', 'only').stage('w')).toMatchObject({ output: ['only'], state: 'done' });
    expect(story.task('w/1').state).toBe('skipped');
    story.does(rerun('a')).gives('a', [1, 2, 3]);
    expect(story.executes).toEqual(['w/0#3', 'w/1#2', 'w/2#1']);
  });
});

describe('upgrade', () => {
  const before = planOf([{ id: 'a' }, { id: 'old' }, { id: 'z', approval: gateOf() }]);
  const after = planOf([{ id: 'a' }, { id: 'new' }, { id: 'z' }], { digest: 'd2', version: '2.0.0' });
  const upgraded = (): Story =>
    upgrade(Story.started(before).gives('a', 1).gives('old', 2).gives('z', 3), after);

  function upgrade(story: Story, plan: Plan): Story {
    story.plan = plan;
    return story.does({ type: 'upgrade', actor: ANNA, lock: lockOf(plan) });
  }

  it('goes on under the other plan: stages that are gone are dropped, new ones added, the rest in a new round', () => {
    const story = upgraded();
    expect(Object.keys(story.run.stages)).toEqual(['a', 'new', 'z']);
    expect(story.states).toBe('running pending pending');
    expect(story.run.lock.revision.digest).toBe('d2');
    expect(story.executes).toEqual(['a#2']);
    expect(story.task('a').last).toMatchObject({ output: 1 });
    expect(story.stage('new').round).toBe(1);
    expect(story.gives('a').gives('new').gives('z').run.state).toBe('done');
    expect(story.replayed).toStrictEqual(story.run);
  });

  it('and back: the stage that had gone counts its rounds and attempts on', () => {
    const story = upgraded().gives('a').gives('new').gives('z');
    upgrade(story, before).gives('a');
    expect(story.stage('old').round).toBe(2);
    expect(story.executes).toEqual(['old#2']);
  });
});

describe('the budget', () => {
  const plan = (onExceed: 'ask' | 'fail'): Plan =>
    planOf([{ id: 'a' }, { id: 'b' }, { id: 'c' }], { budget: { usd: 2, onExceed } });

  it('is not exceeded by what is spent up to it, nor by a price that nobody knows', () => {
    const story = Story.started(plan('fail')).gives('a', null, usage(2)).gives('b', null, usage(null));
    expect(story.run).toMatchObject({ state: 'running', spent: { inputTokens: 2, outputTokens: 2, usd: 2 } });
  });

  it('ask: the run pauses, says why, and grants the same again when it is resumed', () => {
    const story = Story.started(plan('ask')).gives('a', null, usage(2.5));
    expect(story.run).toMatchObject({ state: 'paused', pausedFor: 'budget' });
    expect(story.executes).toEqual([]);
    expect(waits(story.plan, story.run)).toEqual([{ kind: 'budget', usd: 2, spent: 2.5 }]);
    expect(story.does({ type: 'resume', actor: ANNA }).executes).toEqual(['b#1']);
    expect(story.run.budgetUsd).toBe(4.5);
    expect(story.gives('b', null, usage(2.1)).run.state).toBe('paused');
  });

  it('ask: a person may name the new budget, above what is spent', () => {
    const story = Story.started(plan('ask')).gives('a', null, usage(2.5));
    for (const budgetUsd of [2.5, 0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(story.refusal({ type: 'resume', actor: ANNA, budgetUsd }).code).toBe('INPUT_INVALID');
    }
    expect(story.does({ type: 'resume', actor: ANNA, budgetUsd: 10 }).run).toMatchObject({
      state: 'running',
      budgetUsd: 10,
    });
  });

  it('ask: spent during a pause, it asks when the run is resumed', () => {
    const story = Story.started(plan('ask')).does({ type: 'pause', actor: ANNA }).gives('a', null, usage(3));
    expect(story.does({ type: 'resume', actor: ANNA }).run).toMatchObject({
      state: 'paused',
      pausedFor: 'budget',
    });
  });

  it('fail: the run fails, and cannot go on without a larger budget', () => {
    const story = Story.started(plan('fail')).gives('a', null, usage(3));
    expect(story.run).toMatchObject({ state: 'failed', error: { code: 'BUDGET_EXCEEDED' } });
    expect(story.refusal(RETRY).code).toBe('STATE_CONFLICT');
    expect(story.refusal(rerun('a')).code).toBe('STATE_CONFLICT');
    story.plan = planOf([{ id: 'a' }, { id: 'b' }], { digest: 'd2', budget: { usd: 9, onExceed: 'fail' } });
    expect(story.does({ type: 'upgrade', actor: ANNA, lock: lockOf(story.plan) }).executes).toEqual(['a#2']);
  });
});

describe('end actions', () => {
  const hook = (condition: string | null = null) => ({ uses: 'http/request', if: condition, with: {} });
  const error = { code: 'UPSTREAM_DOWN', message: 'down', retryable: true };

  it('run after the run is done; those that are false under `if` are skipped', () => {
    const plan = planOf([{ id: 'a' }], { onComplete: [hook(), hook('inputs.no'), hook('inputs.missing.x')] });
    const story = Story.started(plan, { no: false }).gives('a');
    expect(story.run.state).toBe('done');
    expect(story.commands).toEqual([{ type: 'execute-end-action', index: 0, attempt: 1 }]);
    expect(story.run.endActions.map(({ state }) => state)).toEqual(['processing', 'skipped', 'failed']);
    story.does({ type: 'end-action-succeeded', index: 0, attempt: 1, fence: 0, output: { status: 200 } });
    expect(story.run.endActions[0]!.state).toBe('done');
  });

  it('are tried five times; their failure leaves the run done', () => {
    const story = Story.started(planOf([{ id: 'a' }], { onComplete: [hook()] })).gives('a');
    for (let attempt = 1; attempt < 5; attempt++) {
      story.does({ type: 'end-action-failed', index: 0, attempt, fence: 0, error });
      expect(waits(story.plan, story.run)).toHaveLength(1);
      expect(story.fires('end-action-retry').commands).toMatchObject([
        { type: 'execute-end-action', attempt: attempt + 1 },
      ]);
    }
    story.does({ type: 'end-action-failed', index: 0, attempt: 5, fence: 0, error });
    expect(story.run).toMatchObject({ state: 'done', endActions: [{ state: 'failed', attempt: 5 }] });
    expect(outstanding(story.plan, story.run)).toEqual([]);
  });

  it('report once: another attempt, or a second time, changes nothing', () => {
    const story = Story.started(planOf([{ id: 'a' }], { onComplete: [hook()] })).gives('a');
    for (const [index, attempt] of [
      [0, 2],
      [1, 1],
      [-1, 1],
    ] as const) {
      expect(
        story.does({ type: 'end-action-succeeded', index, attempt, fence: 0, output: null }).facts,
      ).toEqual([]);
    }
    story.does({ type: 'end-action-succeeded', index: 0, attempt: 1, fence: 0, output: null });
    expect(story.does({ type: 'end-action-failed', index: 0, attempt: 1, fence: 0, error }).facts).toEqual(
      [],
    );
  });

  it('run again when the run is done again, and hold a rerun back while they are under way', () => {
    const story = Story.started(planOf([{ id: 'a' }], { onComplete: [hook()] })).gives('a');
    expect(story.refusal(rerun('a')).code).toBe('STATE_CONFLICT');
    story
      .does({ type: 'end-action-succeeded', index: 0, attempt: 1, fence: 0, output: null })
      .does(rerun('a'))
      .gives('a');
    expect(story.commands).toEqual([{ type: 'execute-end-action', index: 0, attempt: 2 }]);
  });
});

describe('a process that takes a run over', () => {
  it('is told of attempts under way under their own number, and of timers', () => {
    const plan = planOf([
      { id: 'a' },
      { id: 'b', needs: [] },
      { id: 'c', needs: [] },
      { id: 'ask', mode: 'manual', needs: [] },
    ]);
    const story = Story.started(plan)
      .does({ type: 'task-started', task: 'b', attempt: 1, worker: 'w1' })
      .fails('c');
    expect(outstanding(plan, story.replayed)).toMatchObject([
      { type: 'execute', task: 'a', attempt: 1 },
      { type: 'execute', task: 'b', attempt: 1 },
      { type: 'set-timer', timer: { kind: 'retry', task: 'c', attempt: 1 } },
    ]);
  });

  it('has nothing to do for a draft, a run that waits, and one that ended', () => {
    const plan = planOf([{ id: 'a', approval: gateOf() }]);
    for (const story of [
      new Story(plan),
      Story.started(plan).gives('a'),
      Story.started(plan).does({ type: 'cancel', actor: ANNA }),
    ]) {
      expect(outstanding(plan, story.run)).toEqual([]);
    }
  });

  it('refuses a journal with a gap, a double or no beginning', () => {
    const { entries } = Story.started(planOf([{ id: 'a' }])).gives('a');
    for (const broken of [[], entries.slice(1), [entries[0]!, entries[2]!], [...entries, entries[2]!]]) {
      expect(() => replay('run-1', broken)).toThrow(expect.objectContaining({ code: 'RUN_JOURNAL_BROKEN' }));
    }
  });
});
