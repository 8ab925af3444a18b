import { describe, expect, it } from '@jest/globals';
import {
  ANNA,
  AUTHOR,
  BEN,
  Story,
  each,
  gateOf,
  lockOf,
  planOf,
} from '../../../../test/support/run/story.ts';
import type { Sketch } from '../../../../test/support/run/story.ts';
import type { Plan } from '../template/plan.ts';
import type { RunVerb } from './index.ts';

const upgradeTo = (story: Story, plan: Plan): Story => {
  story.plan = plan;
  return story.does({ type: 'upgrade', actor: AUTHOR, lock: lockOf(plan) });
};
const rerun = (from: string): RunVerb => ({ type: 'rerun', actor: AUTHOR, from });
const fills = (story: Story, stage: string, input: string): Story =>
  story.does({ type: 'submit-input', actor: BEN, stage, input });

describe('an approval, when the run is upgraded,', () => {
  const gate = gateOf({ approvers: ['role:approver'] });
  const next = (sketch: Partial<Sketch> = {}, rest: Partial<Plan> = {}): Plan =>
    planOf([{ id: 'a', approval: gate, ...sketch }, { id: 'b' }], { digest: 'd2', ...rest });
  const finished = (): Story =>
    Story.started(planOf([{ id: 'a', approval: gate }, { id: 'b' }]))
      .gives('a', 'A')
      .approves('a')
      .gives('b', 'B');

  it('stands for the same output, and says whose it is', () => {
    const story = upgradeTo(finished(), next()).gives('a', 'A');
    expect(story.states).toBe('done running');
    expect(story.facts).toContainEqual({ type: 'approval.kept', stage: 'a', round: 2, from: 1 });
    expect(story.stage('a').approval).toMatchObject({ round: 2, given: [{ actor: ANNA }] });
    expect(story.gives('b', 'B').run.state).toBe('done');
    expect(story.replayed).toEqual(story.run);
  });

  it('does not stand for another output', () => {
    const story = upgradeTo(finished(), next()).gives('a', 'another');
    expect(story.states).toBe('approval_pending pending');
    // The first output again would have to be approved again as well: what counts is what was approved last.
    expect(upgradeTo(story.approves('a').gives('b'), next()).gives('a', 'A').states).toBe(
      'approval_pending pending',
    );
  });

  it.each([
    ['another quorum', gateOf({ approvers: ['role:approver'], quorum: 2 })],
    ['other approvers', gateOf({ approvers: ['role:admin'] })],
    ['another rule on four eyes', gateOf({ approvers: ['role:approver'], selfApproval: true })],
  ])('does not stand under %s', (_what, approval) => {
    expect(upgradeTo(finished(), next({ approval })).gives('a', 'A').states).toBe('approval_pending pending');
  });

  it('stands under another deadline, which is no part of what was approved', () => {
    const approval = { ...gate, deadlineMs: 1_000, onDeadline: 'fail' as const };
    expect(upgradeTo(finished(), next({ approval })).gives('a', 'A').states).toBe('done running');
  });

  it('of code owners does not stand when they are others', () => {
    const owned = (owners: string[], digest: string): Plan =>
      planOf([{ id: 'a', approval: gateOf({ approvers: ['codeowners'] }) }], { owners, digest });
    const approved = (): Story =>
      Story.started(owned(['anna'], 'd1'))
        .gives('a', 'A')
        .approves('a');
    expect(upgradeTo(approved(), owned(['anna'], 'd2')).gives('a', 'A').states).toBe('done');
    expect(upgradeTo(approved(), owned(['ben'], 'd2')).gives('a', 'A').states).toBe('approval_pending');
  });

  it('by a deadline is asked for again: nobody had looked', () => {
    const approval = gateOf({ deadlineMs: 1_000, onDeadline: 'approve' });
    const story = Story.started(planOf([{ id: 'a', approval }]))
      .gives('a', 'A')
      .fires('deadline');
    expect(story.run.state).toBe('done');
    const again = planOf([{ id: 'a', approval }], { digest: 'd2' });
    expect(upgradeTo(story, again).gives('a', 'A').states).toBe('approval_pending');
  });

  it('that was given before a stage was sent back is gone', () => {
    const story = upgradeTo(finished(), next()).gives('a', 'another').sendsBack('a').gives('a', 'A');
    expect(story.states).toBe('approval_pending pending');
  });

  it('is kept over a failure in between', () => {
    const story = upgradeTo(finished(), next())
      .fails('a', { retryable: false })
      .does({ type: 'retry', actor: AUTHOR });
    expect(story.gives('a', 'A').states).toBe('done running');
  });

  it('is asked for again by a rerun, also when that fails first', () => {
    expect(finished().does(rerun('a')).gives('a', 'A').states).toBe('approval_pending pending');
    const story = finished().does(rerun('a')).fails('a', { retryable: false });
    expect(story.does({ type: 'retry', actor: AUTHOR }).gives('a', 'A').states).toBe(
      'approval_pending pending',
    );
  });
});

describe('a form that was filled in, when the run is upgraded,', () => {
  const plan = (sketch: Partial<Sketch> = {}, digest = 'd2'): Plan =>
    planOf([{ id: 'a' }, { id: 'form', mode: 'manual', ...sketch }, { id: 'b' }], { digest });
  const finished = (): Story =>
    fills(Story.started(plan({}, 'd1')).gives('a', 'A'), 'form', 'Yes').gives('b', 'B');

  it('keeps its answer while nothing that the person saw has changed', () => {
    const story = upgradeTo(finished(), plan()).gives('a', 'A');
    expect(story.states).toBe('done done running');
    expect(story.stage('form')).toMatchObject({ round: 2, output: 'Yes' });
    expect(story.facts).toContainEqual(
      expect.objectContaining({ type: 'task.completed', task: 'form', attempt: 2, reused: true }),
    );
    expect(story.replayed).toEqual(story.run);
  });

  it.each<[string, Partial<Sketch>, string]>([
    ['what it builds on is another', {}, 'another'],
    ['others are asked', { assignees: ['user:cleo'] }, 'A'],
    ['the template says `cache: false`', { cache: false }, 'A'],
  ])('is asked for again when %s', (_what, sketch, before) => {
    expect(upgradeTo(finished(), plan(sketch)).gives('a', before).states).toBe('done input_pending pending');
  });

  it('is asked for again when the form itself is another', () => {
    const asks = plan();
    const stages = asks.stages.map((stage) =>
      stage.mode === 'manual' ? { ...stage, form: { type: 'string' } } : stage,
    );
    expect(upgradeTo(finished(), { ...asks, stages }).gives('a', 'A').states).toBe(
      'done input_pending pending',
    );
  });

  it('is asked for again by a rerun, and by a reviewer', () => {
    expect(finished().does(rerun('a')).gives('a', 'A').states).toBe('done input_pending pending');
    const reviewed = planOf([{ id: 'form', mode: 'manual', approval: gateOf() }]);
    expect(fills(Story.started(reviewed), 'form', 'Yes').sendsBack('form').states).toBe('input_pending');
  });

  it('of several asks only for those whose item has changed', () => {
    const forms = (digest: string): Plan =>
      planOf([{ id: 'list' }, { id: 'form', mode: 'manual', forEach: each('stages.list.output', 10) }], {
        digest,
      });
    const story = Story.started(forms('d1')).gives('list', ['x', 'y']);
    for (const task of ['form/0', 'form/1'])
      story.does({ type: 'submit-input', actor: BEN, stage: 'form', task, input: task });
    upgradeTo(story, forms('d2')).gives('list', ['x', 'y']);
    expect(story.run.state).toBe('done');
    expect(story.stage('form').output).toEqual(['form/0', 'form/1']);
  });
});

describe('what the tasks of a list gave before', () => {
  const plan = (digest: string): Plan =>
    planOf([{ id: 'list' }, { id: 'w', forEach: each('stages.list.output', 10) }], { digest });
  const lasts = (story: Story): unknown[] => story.stage('w').tasks.map(({ last }) => last?.output ?? null);
  const made = (): Story => {
    const story = Story.started(plan('d1')).gives('list', ['x', 'y', 'y']);
    return story.gives('w/0', 'X').gives('w/1', 'Y1').gives('w/2', 'Y2');
  };

  it.each([
    ['in front', ['new', 'x', 'y', 'y'], [null, 'X', 'Y2', 'Y1']],
    ['in the middle', ['x', 'new', 'y', 'y'], ['X', null, 'Y2', 'Y1']],
    ['at the end', ['x', 'y', 'y', 'new'], ['X', 'Y1', 'Y2', null]],
  ])('goes with its item when another is put %s', (_where, items, expected) => {
    expect(lasts(upgradeTo(made(), plan('d2')).gives('list', items))).toEqual(expected);
  });

  it('is given to one task only, and stays where it was when no item claims it', () => {
    expect(lasts(upgradeTo(made(), plan('d2')).gives('list', ['y', 'q', 'y']))).toEqual(['Y1', null, 'Y2']);
    expect(lasts(upgradeTo(made(), plan('d2')).gives('list', ['z', 'y', 'y']))).toEqual(['X', 'Y1', 'Y2']);
  });
});
