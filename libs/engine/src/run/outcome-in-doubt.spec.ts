import { describe, expect, it } from '@jest/globals';
import { ANNA, Story, each, gateOf, lockOf, planOf } from '../../../../test/support/run/story.ts';
import { OUTCOME_UNKNOWN, outstanding, waits } from './index.ts';
import type { RunVerb } from './index.ts';

const lost = { code: OUTCOME_UNKNOWN, message: 'lost', retryable: false };
const ended = planOf([{ id: 'a' }], { onComplete: [{ uses: 'mail/send', if: null, with: {} }] });

describe('a task whose outcome nobody knows', () => {
  const sent = (): Story => Story.started(planOf([{ id: 'send' }, { id: 'after' }])).isInDoubt('send');

  it('waits for a person: nothing is repeated, and nothing fails', () => {
    const story = sent();
    expect(story.run.state).toBe('input_pending');
    expect(story.states).toBe('input_pending pending');
    expect(story.executes).toEqual([]);
    expect(outstanding(story.plan, story.run)).toEqual([]);
    expect(waits(story.plan, story.run)).toEqual([
      {
        kind: 'review',
        stage: 'send',
        task: 'send',
        attempt: 1,
        code: OUTCOME_UNKNOWN,
        message: 'The service is down.',
      },
    ]);
    expect(story.replayed).toEqual(story.run);
  });

  it('that happened goes on with what it gave', () => {
    const story = sent().resolves('send', 'done', { id: 7 });
    expect(story.stage('send')).toMatchObject({ state: 'done', output: { id: 7 } });
    expect(story.executes).toEqual(['after#1']);
    expect(waits(story.plan, story.run)).toEqual([]);
  });

  it('that did not happen is done again, in the same round', () => {
    const story = sent().resolves('send', 'repeat');
    expect(story.executes).toEqual(['send#2']);
    expect(story.stage('send')).toMatchObject({ state: 'running', round: 1 });
    expect(story.gives('send').gives('after').run.state).toBe('done');
  });

  it('that is given up fails the run, with its own error', () => {
    const story = sent().resolves('send', 'fail');
    expect(story.run).toMatchObject({ state: 'failed', error: { code: OUTCOME_UNKNOWN } });
    expect(story.does({ type: 'retry', actor: ANNA }).executes).toEqual(['send#2']);
  });

  it('is resolved once, and only the attempt that was looked at', () => {
    const resolve: RunVerb = { type: 'resolve', actor: ANNA, task: 'send', attempt: 2, outcome: 'done' };
    expect(sent().refusal(resolve)).toMatchObject({ code: 'STATE_CONFLICT' });
    const again = sent().resolves('send', 'repeat').isInDoubt('send');
    expect(again.refusal({ ...resolve, attempt: 1 })).toMatchObject({ code: 'STATE_CONFLICT' });
    expect(again.resolves('send', 'done').refusal(resolve).code).toBe('STATE_CONFLICT');
    expect(sent().refusal({ ...resolve, task: 'nowhere' }).code).toBe('RUN_UNKNOWN_STAGE');
    expect(sent().refusal({ ...resolve, task: 'send/3' }).code).toBe('RUN_UNKNOWN_TASK');
    expect(sent().refusal({ ...resolve, task: 'end-action:3' }).code).toBe('RUN_UNKNOWN_TASK');
  });

  it('keeps a rerun and an upgrade from beginning it anew, until it is resolved', () => {
    const story = sent();
    const verbs: RunVerb[] = [
      { type: 'rerun', actor: ANNA, from: 'send' },
      { type: 'upgrade', actor: ANNA, lock: lockOf(story.plan) },
    ];
    for (const verb of verbs) expect(story.refusal(verb).message).toContain('send');
    story.resolves('send', 'done').gives('after').does(verbs[0]!);
    expect(story.executes).toEqual(['send#2']);
  });

  it('lets no other task of its stage begin, but those at work come to their end', () => {
    const plan = planOf([{ id: 'send', forEach: each('inputs.list', 2) }]);
    const story = Story.started(plan, { list: [1, 2, 3, 4] }).isInDoubt('send/0');
    expect(story.executes).toEqual([]);
    expect(story.run.state).toBe('running');
    expect(story.gives('send/1', 'B').run.state).toBe('input_pending');
    expect(story.executes).toEqual([]);
    expect(story.resolves('send/0', 'done', 'A').executes).toEqual(['send/2#1', 'send/3#1']);
    expect(story.gives('send/2', 'C').gives('send/3', 'D').stage('send').output).toEqual([
      'A',
      'B',
      'C',
      'D',
    ]);
  });

  it('stays in doubt when the run fails elsewhere, and is not made again by a retry', () => {
    const plan = planOf([{ id: 'send', forEach: each('inputs.list', 2) }]);
    const story = Story.started(plan, { list: [1, 2] })
      .isInDoubt('send/0')
      .fails('send/1', { retryable: false });
    expect(story.run.state).toBe('failed');
    expect(waits(plan, story.run)).toMatchObject([{ kind: 'review', task: 'send/0' }]);
    story.does({ type: 'retry', actor: ANNA });
    expect(story.executes).toEqual([]);
    expect(story.run.state).toBe('input_pending');
    expect(story.resolves('send/0', 'done').executes).toEqual(['send/1#2']);
  });

  it('can be resolved in a failed run; the retry then leaves it alone', () => {
    const plan = planOf([{ id: 'send' }, { id: 'other', needs: [] }]);
    const story = Story.started(plan).isInDoubt('send').fails('other', { retryable: false });
    story.resolves('send', 'done', 'A');
    expect(story.run.state).toBe('failed');
    expect(story.does({ type: 'retry', actor: ANNA }).executes).toEqual(['other#2']);
    expect(story.gives('other').run.state).toBe('done');
  });

  it('can be given up in a failed run as well, and is then made again by the retry', () => {
    const plan = planOf([{ id: 'send' }, { id: 'other', needs: [] }]);
    const story = Story.started(plan).isInDoubt('send').fails('other', { retryable: false });
    story.resolves('send', 'fail');
    expect(story.states).toBe('failed failed');
    expect(story.does({ type: 'retry', actor: ANNA }).executes).toEqual(['send#2', 'other#2']);
  });

  it('that is to be repeated in a failed run waits for the retry', () => {
    const plan = planOf([{ id: 'send' }, { id: 'other', needs: [] }]);
    const story = Story.started(plan).isInDoubt('send').fails('other', { retryable: false });
    expect(story.resolves('send', 'repeat').executes).toEqual([]);
    expect(story.does({ type: 'retry', actor: ANNA }).executes.sort()).toEqual(['other#2', 'send#2']);
  });

  it('waits also in a paused run, and goes on after resume', () => {
    const story = sent().does({ type: 'pause', actor: ANNA }).resolves('send', 'repeat');
    expect(story.executes).toEqual([]);
    expect(story.does({ type: 'resume', actor: ANNA }).executes).toEqual(['send#2']);
  });

  it('is given up with the run when that is cancelled', () => {
    const story = sent().does({ type: 'cancel', actor: ANNA });
    expect(waits(story.plan, story.run)).toEqual([]);
    expect(story.task('send')).toMatchObject({ state: 'cancelled', review: null });
  });

  it('opens the gate of its stage once it is resolved', () => {
    const story = Story.started(planOf([{ id: 'send', approval: gateOf() }])).isInDoubt('send');
    expect(story.resolves('send', 'done').run.state).toBe('approval_pending');
  });
});

describe('an end action whose outcome nobody knows', () => {
  const sent = (): Story =>
    Story.started(ended)
      .gives('a')
      .does({ type: 'end-action-failed', index: 0, attempt: 1, fence: 0, error: lost });
  const resolve = (outcome: 'done' | 'repeat' | 'fail'): RunVerb => ({
    type: 'resolve',
    actor: ANNA,
    task: 'end-action:0',
    attempt: 1,
    outcome,
  });

  it('is not repeated: the run is done, and a person has to look', () => {
    const story = sent();
    expect(story.run.state).toBe('done');
    expect(story.commands).toEqual([]);
    expect(outstanding(story.plan, story.run)).toEqual([]);
    expect(waits(story.plan, story.run)).toMatchObject([
      { kind: 'review', task: 'end-action:0', attempt: 1 },
    ]);
    expect(story.replayed).toEqual(story.run);
  });

  it('is done, done again, or given up, as they say', () => {
    expect(sent().does(resolve('done')).run.endActions).toMatchObject([{ state: 'done', review: null }]);
    expect(sent().does(resolve('fail')).run.endActions).toMatchObject([{ state: 'failed', error: lost }]);
    expect(sent().does(resolve('repeat')).commands).toEqual([
      { type: 'execute-end-action', index: 0, attempt: 2 },
    ]);
  });

  it('of a worker that is gone comes too late once another one took it up', () => {
    const story = Story.started(ended).gives('a');
    for (const worker of ['w1', 'w2']) story.does({ type: 'end-action-taken', index: 0, attempt: 1, worker });
    story.does({ type: 'end-action-failed', index: 0, attempt: 1, fence: 1, error: lost });
    expect(story.facts).toEqual([]);
    story.does({ type: 'end-action-failed', index: 0, attempt: 1, fence: 2, error: lost });
    expect(story.run.endActions[0]).toMatchObject({
      state: 'pending',
      worker: null,
      review: { error: lost },
    });
  });
});
