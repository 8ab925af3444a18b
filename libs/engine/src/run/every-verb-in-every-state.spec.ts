import { describe, it, expect } from '@jest/globals';
import { ANNA, AUTHOR, Story, gateOf, lockOf, planOf } from '../../../../test/support/run/story.ts';
import type { RunState } from '../vocabulary.ts';
import { OUTCOME_UNKNOWN, VERB_STATES, decide } from './index.ts';
import type { RunVerb, VerbName } from './index.ts';

/** In each state something waits for each verb that could apply: what is refused is refused for the state alone. */
const STORIES: Record<RunState, () => Story> = {
  draft: () => new Story(planOf([{ id: 'write' }])),
  running: () =>
    Story.started(
      planOf([
        { id: 'outline', approval: gateOf() },
        { id: 'facts', needs: [], mode: 'manual' },
        { id: 'work', needs: [] },
        { id: 'held', needs: [], advance: 'manual' },
        { id: 'after', needs: ['held'] },
      ]),
    )
      .gives('outline')
      .gives('held'),
  approval_pending: () =>
    Story.started(
      planOf([
        { id: 'outline', approval: gateOf() },
        { id: 'facts', needs: [], mode: 'manual' },
        { id: 'held', needs: [], advance: 'manual' },
        { id: 'after', needs: ['held'] },
      ]),
    )
      .gives('outline')
      .gives('held'),
  input_pending: () =>
    Story.started(
      planOf([
        { id: 'facts', mode: 'manual' },
        { id: 'held', needs: [], advance: 'manual' },
        { id: 'after', needs: ['held'] },
      ]),
    ).gives('held'),
  paused: () =>
    Story.started(
      planOf([
        { id: 'outline', approval: gateOf() },
        { id: 'facts', needs: [], mode: 'manual' },
      ]),
    )
      .gives('outline')
      .does({ type: 'pause', actor: ANNA }),
  done: () => Story.started(planOf([{ id: 'outline' }])).gives('outline'),
  failed: () => Story.started(planOf([{ id: 'outline' }])).fails('outline', { retryable: false }),
  cancelled: () => Story.started(planOf([{ id: 'outline' }])).does({ type: 'cancel', actor: ANNA }),
};

/** In each state one outcome is in doubt. It would keep `rerun` and `upgrade` from applying above. */
const IN_DOUBT: Partial<Record<RunState, () => Story>> = {
  running: () => Story.started(planOf([{ id: 'sent' }, { id: 'work', needs: [] }])).isInDoubt('sent'),
  approval_pending: () =>
    Story.started(planOf([{ id: 'sent' }, { id: 'gate', needs: [], approval: gateOf() }]))
      .gives('gate')
      .isInDoubt('sent'),
  input_pending: () => Story.started(planOf([{ id: 'sent' }])).isInDoubt('sent'),
  paused: () =>
    Story.started(planOf([{ id: 'sent' }]))
      .isInDoubt('sent')
      .does({ type: 'pause', actor: ANNA }),
  done: () =>
    Story.started(planOf([{ id: 'a' }], { onComplete: [{ uses: 'mail/send', if: null, with: {} }] }))
      .gives('a')
      .does({
        type: 'end-action-failed',
        index: 0,
        attempt: 1,
        fence: 0,
        error: { code: OUTCOME_UNKNOWN, message: 'lost', retryable: false },
      }),
  failed: () =>
    Story.started(planOf([{ id: 'sent' }, { id: 'work', needs: [] }]))
      .isInDoubt('sent')
      .fails('work', { retryable: false }),
};

function storyFor(state: RunState, verb: VerbName): Story {
  return ((verb === 'resolve' ? IN_DOUBT[state] : undefined) ?? STORIES[state])();
}

function verbsFor(story: Story): Record<VerbName, RunVerb> {
  const first = story.plan.stages.find(({ id }) => story.stage(id).state !== 'pending')?.id ?? 'write';
  return {
    start: { type: 'start', actor: AUTHOR },
    approve: { type: 'approve', actor: ANNA, stage: first, round: 1 },
    'request-changes': {
      type: 'request-changes',
      actor: ANNA,
      stage: first,
      round: 1,
      comments: [{ body: 'No' }],
    },
    'submit-input': { type: 'submit-input', actor: ANNA, stage: 'facts', input: 1 },
    'next-stage': { type: 'next-stage', actor: ANNA },
    pause: { type: 'pause', actor: ANNA },
    resume: { type: 'resume', actor: ANNA },
    cancel: { type: 'cancel', actor: ANNA },
    resolve: {
      type: 'resolve',
      actor: ANNA,
      task: story.run.state === 'done' ? 'end-action:0' : 'sent',
      attempt: 1,
      outcome: 'done',
    },
    retry: { type: 'retry', actor: ANNA },
    rerun: { type: 'rerun', actor: ANNA, from: first },
    upgrade: { type: 'upgrade', actor: ANNA, lock: lockOf(story.plan) },
  };
}

const CELLS = (Object.keys(STORIES) as RunState[]).flatMap((state) =>
  (Object.keys(VERB_STATES) as VerbName[]).map((verb) => ({
    state,
    verb,
    applies: VERB_STATES[verb].includes(state),
  })),
);

describe('every verb in every state of a run', () => {
  it.each(Object.keys(STORIES) as RunState[])('the story of %s ends there', (state) => {
    expect(STORIES[state]().run.state).toBe(state);
    expect(storyFor(state, 'resolve').run.state).toBe(state);
  });

  it.each(CELLS.filter(({ applies }) => applies))(
    '$verb applies to a run that is $state',
    ({ state, verb }) => {
      const story = storyFor(state, verb);
      expect(decide(story.plan, story.run, verbsFor(story)[verb], story.now).facts).not.toEqual([]);
    },
  );

  it.each(CELLS.filter(({ applies }) => !applies))(
    '$verb is refused by a run that is $state',
    ({ state, verb }) => {
      const story = STORIES[state]();
      const before = structuredClone(story.run);
      const refusal = story.refusal(verbsFor(story)[verb]);
      expect(refusal).toMatchObject({ name: 'RunRefused', code: 'STATE_CONFLICT', details: { verb, state } });
      expect(refusal.message).toContain(`"${verb}"`);
      expect(story.run).toEqual(before);
    },
  );

  it.each([
    { type: 'approve', actor: ANNA, stage: 'nowhere', round: 1 },
    { type: 'approve', actor: ANNA, stage: 'constructor', round: 1 },
    { type: 'request-changes', actor: ANNA, stage: '__proto__', round: 1, comments: [{ body: 'x' }] },
    { type: 'submit-input', actor: ANNA, stage: 'toString', input: null },
    { type: 'next-stage', actor: ANNA, stage: 'nowhere' },
  ] satisfies RunVerb[])('$type on unknown stage $stage is refused', (verb) => {
    const refusal = STORIES.approval_pending().refusal(verb);
    expect(refusal).toMatchObject({ code: 'RUN_UNKNOWN_STAGE', details: { stage: verb.stage } });
  });

  it('rerun from an unknown stage is refused', () => {
    const refusal = STORIES.done().refusal({ type: 'rerun', actor: ANNA, from: 'nowhere' });
    expect(refusal.code).toBe('RUN_UNKNOWN_STAGE');
  });
});
