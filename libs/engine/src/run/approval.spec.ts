import { describe, it, expect } from '@jest/globals';
import { ANNA, AUTHOR, BEN, CLEO, Story, each, gateOf, planOf } from '../../../../test/support/run/story.ts';
import type { Gate } from '../template/plan.ts';
import type { Actor, ReviewComment } from '../vocabulary.ts';
import { MAX_COMMENTS, MAX_TEXT, waits } from './index.ts';
import type { RunVerb } from './index.ts';

const HOUR = 3_600_000;

function waiting(gate: Partial<Gate> = {}, owners: string[] = []): Story {
  const plan = planOf([{ id: 'outline', approval: gateOf(gate) }, { id: 'build' }], { owners });
  return Story.started(plan).gives('outline', 'draft one');
}

function approval(round: number, actor: Actor = ANNA): RunVerb {
  return { type: 'approve', actor, stage: 'outline', round };
}

function changes(comments: ReviewComment[], rest: { tasks?: string[]; round?: number } = {}): RunVerb {
  return { type: 'request-changes', actor: ANNA, stage: 'outline', round: 1, comments, ...rest };
}

describe('a gate opens after its stage', () => {
  it('shows what is to be approved, and holds the stages behind it', () => {
    const story = waiting({ approvers: ['role:approver'] });
    expect(story.run.state).toBe('approval_pending');
    expect(story.states).toBe('approval_pending pending');
    expect(story.stage('outline').output).toBe('draft one');
    expect(waits(story.plan, story.run)).toEqual([
      { kind: 'approval', stage: 'outline', round: 1, deadline: null, approvers: ['role:approver'] },
    ]);
  });

  it('lets the run go on when it is approved', () => {
    const story = waiting().approves('outline');
    expect(story.told).toEqual([
      'approval.given',
      'approval.completed',
      'stage.completed',
      'stage.started',
      'task.queued',
    ]);
    expect(story.states).toBe('done running');
  });
});

describe('a decision names the round it is about', () => {
  it.each([0, 2, 99])('one about round %i is stale in round 1', (round) => {
    const refusal = waiting().refusal(approval(round));
    expect(refusal).toMatchObject({
      code: 'APPROVAL_STALE',
      details: { state: 'approval_pending', stage: 'outline', round: 1 },
    });
  });

  it('an approval of the round before the changes does not approve the round after them', () => {
    const story = waiting().sendsBack('outline').gives('outline', 'draft two');
    expect(story.refusal(approval(1)).code).toBe('APPROVAL_STALE');
    expect(story.refusal(changes([{ body: 'Again' }])).code).toBe('APPROVAL_STALE');
    expect(story.approves('outline').states).toBe('done running');
  });

  it('who comes too late hears who sent the round back, and when', () => {
    const story = waiting().sendsBack('outline').gives('outline', 'draft two');
    const sentBack = story.stage('outline').changes[0];
    expect(sentBack).toBeDefined();
    const { kind, id } = sentBack!.actor;
    const refusal = story.refusal(approval(1));
    expect(refusal.details).toMatchObject({ round: 2, decidedBy: { kind, id }, decidedAt: sentBack!.at });
    expect(refusal.message).toContain(`"${id}" decided at ${sentBack!.at}`);
  });

  it('who comes too late is told who decided, and when', () => {
    const decidedBy = { kind: 'user', id: 'anna' };
    const approved = waiting().approves('outline');
    expect(approved.refusal(approval(1, BEN))).toMatchObject({
      code: 'STATE_CONFLICT',
      details: { state: 'running', stage: 'outline', stageState: 'done', decidedBy, decidedAt: approved.now },
    });
    const sentBack = waiting().sendsBack('outline');
    expect(sentBack.refusal(approval(1, BEN))).toMatchObject({
      code: 'STATE_CONFLICT',
      details: { decidedBy },
    });
    const ended = waiting().approves('outline').gives('build');
    expect(ended.refusal(approval(1, BEN))).toMatchObject({ details: { state: 'done', decidedBy } });
  });
});

describe('who may decide', () => {
  const client: Actor = { kind: 'client', id: 'ben' };
  it.each<[string, Partial<Gate>, Actor, boolean]>([
    ['any member when nobody is named', {}, { kind: 'user', id: 'eve' }, true],
    ['a holder of the role', { approvers: ['role:approver'] }, ANNA, true],
    ['not who lost the role', { approvers: ['role:approver'] }, { ...ANNA, roles: [] }, false],
    ['not who has no roles', { approvers: ['role:approver'] }, { kind: 'user', id: 'anna' }, false],
    ['the user', { approvers: ['user:ben'] }, BEN, true],
    ['not an API client of the same id', { approvers: ['user:ben'] }, client, false],
    ['not another user', { approvers: ['user:ben'] }, ANNA, false],
    ['an owner by id', { approvers: ['codeowners'] }, CLEO, true],
    [
      'an owner by role',
      { approvers: ['codeowners'] },
      { kind: 'user', id: 'dan', roles: ['docs-team'] },
      true,
    ],
    ['not who owns nothing', { approvers: ['codeowners'] }, ANNA, false],
    ['one rule of several', { approvers: ['user:eve', 'role:approver'] }, BEN, true],
  ])('%s', (_, gate, actor, allowed) => {
    const story = waiting(gate, ['cleo', 'docs-team']);
    if (allowed) {
      expect(story.does(approval(1, actor)).stage('outline').state).toBe('done');
      return;
    }
    expect(story.refusal(approval(1, actor)).code).toBe('APPROVAL_FORBIDDEN');
    const sendBack: RunVerb = {
      type: 'request-changes',
      actor,
      stage: 'outline',
      round: 1,
      comments: [{ body: 'x' }],
    };
    expect(story.refusal(sendBack).code).toBe('APPROVAL_FORBIDDEN');
  });

  it('whoever made or started the run may not approve it, but may send it back', () => {
    const story = waiting();
    expect(story.refusal(approval(1, AUTHOR)).code).toBe('APPROVAL_FORBIDDEN');
    story.does({
      type: 'request-changes',
      actor: AUTHOR,
      stage: 'outline',
      round: 1,
      comments: [{ body: 'Hm' }],
    });
    expect(story.stage('outline').round).toBe(2);

    const plan = planOf([{ id: 'outline', approval: gateOf() }]);
    const startedByAnna = new Story(plan).does({ type: 'start', actor: ANNA }).gives('outline');
    expect(startedByAnna.refusal(approval(1, { ...ANNA, roles: [] })).code).toBe('APPROVAL_FORBIDDEN');
  });

  it('whoever started the run may approve it where the template says so', () => {
    expect(waiting({ selfApproval: true }).does(approval(1, AUTHOR)).states).toBe('done running');
  });

  it('an actor of another kind with the id of the author is somebody else', () => {
    expect(waiting().does(approval(1, { kind: 'client', id: 'author' })).states).toBe('done running');
  });

  it('a quorum takes different people', () => {
    const story = waiting({ quorum: 2 }).approves('outline');
    expect(story.told).toEqual(['approval.given']);
    expect(story.run.state).toBe('approval_pending');
    expect(story.refusal(approval(1, { ...ANNA, roles: ['admin'] }))).toMatchObject({
      code: 'STATE_CONFLICT',
      details: { decidedBy: { kind: 'user', id: 'anna' }, decidedAt: story.now },
    });
    expect(story.approves('outline', BEN).states).toBe('done running');
  });

  it('an approval of one round does not count in the next', () => {
    const story = waiting({ quorum: 2 })
      .approves('outline')
      .sendsBack('outline')
      .gives('outline')
      .approves('outline', BEN);
    expect(story.stage('outline').approval?.given).toHaveLength(1);
    expect(story.approves('outline').stage('outline').state).toBe('done');
  });
});

describe('changes are requested', () => {
  it('makes the task again, with what it gave before at hand', () => {
    const story = waiting().sendsBack('outline');
    expect(story.told).toEqual(['changes.requested', 'task.queued']);
    expect(story.executes).toEqual(['outline#2']);
    expect(story.stage('outline')).toMatchObject({
      round: 2,
      state: 'running',
      output: null,
      approval: null,
    });
    expect(story.task('outline').last).toMatchObject({ attempt: 1, output: 'draft one' });
    expect(story.stage('outline').changes).toMatchObject([
      { round: 1, comments: [{ body: 'Shorter, please' }] },
    ]);
  });

  const chapters = (): Story => {
    const plan = planOf([{ id: 'chapters', forEach: each('inputs.list'), approval: gateOf() }]);
    const story = Story.started(plan, { list: [1, 2, 3] });
    return story.gives('chapters/0', 'A').gives('chapters/1', 'B').gives('chapters/2', 'C');
  };

  it.each<[string, { tasks?: string[]; task?: string }, string[]]>([
    ['every task when none is named', {}, ['chapters/0#2', 'chapters/1#2', 'chapters/2#2']],
    [
      'those that are named',
      { tasks: ['chapters/2', 'chapters/0', 'chapters/2'] },
      ['chapters/0#2', 'chapters/2#2'],
    ],
    ['those that the comments name', { task: 'chapters/1' }, ['chapters/1#2']],
    [
      'those that are named, whatever the comments name',
      { tasks: ['chapters/0'], task: 'chapters/1' },
      ['chapters/0#2'],
    ],
  ])('of a list: %s', (_, more, executes) => {
    expect(chapters().sendsBack('chapters', more).executes).toEqual(executes);
  });

  it('the other items keep what they gave', () => {
    const story = chapters()
      .sendsBack('chapters', { tasks: ['chapters/1'] })
      .gives('chapters/1', 'B2');
    expect(story.stage('chapters').output).toEqual(['A', 'B2', 'C']);
    expect(story.approves('chapters').run.state).toBe('done');
  });

  it('a list that was empty cannot be made again', () => {
    const plan = planOf([{ id: 'outline', forEach: each('inputs.list'), approval: gateOf() }]);
    expect(Story.started(plan, { list: [] }).refusal(changes([{ body: 'More' }])).code).toBe(
      'STATE_CONFLICT',
    );
  });

  it('is refused in the last round, which can still be approved', () => {
    const story = waiting({ maxAttempts: 2 }).sendsBack('outline').gives('outline');
    expect(story.refusal(changes([{ body: 'Again' }], { round: 2 }))).toMatchObject({
      code: 'APPROVAL_EXHAUSTED',
      details: { state: 'approval_pending', round: 2 },
    });
    expect(story.approves('outline').states).toBe('done running');
  });

  it.each<[string, ReviewComment[]]>([
    ['no comment', []],
    ['an empty comment', [{ body: '' }]],
    ['a blank comment', [{ body: 'Good' }, { body: ' \n\t' }]],
    ['too many comments', Array.from({ length: MAX_COMMENTS + 1 }, () => ({ body: 'x' }))],
    ['a comment that is too long', [{ body: 'x'.repeat(MAX_TEXT + 1) }]],
    ['a path that is no pointer', [{ body: 'x', path: 'chapters.2' }]],
    ['a line before the first', [{ body: 'x', line: 0 }]],
    ['half a line', [{ body: 'x', line: 1.5 }]],
  ])('is refused with %s', (_, comments) => {
    expect(waiting().refusal(changes(comments)).code).toBe('INPUT_INVALID');
  });

  it('takes as many comments as it may, of full length, anchored', () => {
    const comments = Array.from({ length: MAX_COMMENTS }, () => ({
      body: 'x'.repeat(MAX_TEXT),
      task: 'outline',
      path: '/chapters/0',
      line: 3,
    }));
    expect(waiting().does(changes(comments)).stage('outline').changes[0]!.comments).toEqual(comments);
  });

  it('is refused for tasks that are not there, and for an empty list of them', () => {
    expect(waiting().refusal(changes([{ body: 'x' }], { tasks: ['outline/7'] })).code).toBe(
      'RUN_UNKNOWN_TASK',
    );
    expect(waiting().refusal(changes([{ body: 'x', task: 'build' }])).code).toBe('RUN_UNKNOWN_TASK');
    expect(waiting().refusal(changes([{ body: 'x' }], { tasks: [] })).code).toBe('INPUT_INVALID');
  });
});

describe('a gate has a deadline', () => {
  const late = (onDeadline: Gate['onDeadline'], more: Partial<Gate> = {}): Story =>
    waiting({ deadlineMs: 48 * HOUR, onDeadline, ...more });

  it('is asked for with a timer', () => {
    const story = late('fail');
    const timer = { kind: 'deadline', stage: 'outline', round: 1, at: '2026-11-23T09:00:00.000Z' };
    expect(story.commands).toEqual([{ type: 'set-timer', timer }]);
    expect(waits(story.plan, story.run)).toContainEqual({ kind: 'timer', timer });
  });

  it('fail: the run fails, and a decision comes too late', () => {
    const story = late('fail').fires('deadline');
    expect(story.run).toMatchObject({ state: 'failed', error: { code: 'APPROVAL_TIMEOUT' } });
    expect(story.refusal(approval(1))).toMatchObject({
      code: 'STATE_CONFLICT',
      details: { state: 'failed' },
    });
  });

  it('approve: the run goes on', () => {
    const story = late('approve').fires('deadline');
    expect(story.facts[0]).toMatchObject({ type: 'approval.completed', by: 'deadline' });
    expect(story.states).toBe('done running');
  });

  it('escalate: administrators may decide from then on, once', () => {
    const story = late('escalate', { approvers: ['user:ben'] });
    expect(story.refusal(approval(1, CLEO)).code).toBe('APPROVAL_FORBIDDEN');
    story.fires('deadline');
    expect(story.told).toEqual(['approval.escalated']);
    const [wait] = waits(story.plan, story.run);
    expect(wait).toMatchObject({ kind: 'approval', approvers: ['user:ben', 'role:admin'] });
    expect(waits(story.plan, story.run)).toHaveLength(1);
    expect(story.approves('outline', CLEO).states).toBe('done running');
  });

  it('null: it is shown, and nothing happens by itself', () => {
    const story = late(null);
    expect(story.stage('outline').approval?.deadline).toBe('2026-11-23T09:00:00.000Z');
    expect(story.commands).toEqual([]);
  });

  it.each(['escalate', 'approve', 'fail'] as const)(
    '%s: a late timer never overrides a decision',
    (onDeadline) => {
      for (const decide of [(s: Story) => s.approves('outline'), (s: Story) => s.sendsBack('outline')]) {
        const story = late(onDeadline);
        const [command] = story.commands;
        decide(story).later(50 * HOUR);
        const before = story.run;
        if (command?.type === 'set-timer') story.does({ type: 'timer-fired', timer: command.timer });
        expect(story.facts).toEqual([]);
        expect(story.run).toBe(before);
      }
    },
  );

  it('the timer of an earlier round does not end a later one', () => {
    const story = late('fail');
    const [command] = story.commands;
    story
      .sendsBack('outline')
      .gives('outline')
      .later(50 * HOUR);
    if (command?.type === 'set-timer') story.does({ type: 'timer-fired', timer: command.timer });
    expect(story.run.state).toBe('approval_pending');
  });

  it('a timer that comes before its time changes nothing', () => {
    const story = late('fail');
    const [command] = story.commands;
    if (command?.type === 'set-timer') story.does({ type: 'timer-fired', timer: command.timer });
    expect(story.facts).toEqual([]);
  });
});
