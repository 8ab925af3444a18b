import { describe, expect, it } from '@jest/globals';
import type { RunFact } from '@stagewright/engine';
import { sampleRun } from '../testing/sample-run.ts';
import { printable } from '../terminal.ts';
import { renderProgress } from './live-view.ts';
import { applyFact, beginProgress } from './run-progress.ts';
import type { RunProgress } from './run-progress.ts';

const ann = { kind: 'user' as const, id: 'ann' };
const outline = { stage: 'outline', round: 1 };
const task = (index: number) => ({ ...outline, task: `outline/${index}`, attempt: 1 });
const error = { code: 'PROVIDER_TIMEOUT', message: 'No answer.', retryable: true };
const usage = { inputTokens: 5, outputTokens: 7, usd: 0.25 };
const completed = (index: number): RunFact => ({
  type: 'task.completed',
  ...task(index),
  output: null,
  artifacts: [],
  usage,
  inputDigest: null,
  reused: false,
});

const second = (n: number): string => `2026-01-01T10:00:${String(n).padStart(2, '0')}.000Z`;

function fold(facts: RunFact[]): RunProgress {
  const progress = beginProgress(sampleRun());
  facts.forEach((fact, index) => applyFact(progress, fact, second(index)));
  return progress;
}

const stageAfter = (...facts: RunFact[]) => fold(facts).stages[0];

describe('the progress of a run', () => {
  it('begins with every stage pending, whatever the run has come to', () => {
    expect(beginProgress(sampleRun()).stages.map(({ state }) => state)).toEqual(['pending', 'pending']);
  });

  it('counts tasks and adds up what was spent', () => {
    const progress = fold([
      { type: 'stage.started', ...outline, items: ['a', 'b', 'c'] },
      completed(0),
      completed(2),
    ]);
    expect(progress.stages[0]).toMatchObject({ state: 'running', tasks: 3, tasksDone: 2 });
    expect(progress.spent).toEqual({ inputTokens: 10, outputTokens: 14, usd: 0.5 });
  });

  it('does not know the cost any more once a price was unknown', () => {
    const unpriced = { ...completed(0), usage: { ...usage, usd: null } } as RunFact;
    expect(fold([completed(0), unpriced, completed(1)]).spent.usd).toBeNull();
  });

  it('goes back by the tasks that are made again after a request for changes', () => {
    const changes: RunFact = {
      type: 'changes.requested',
      ...outline,
      actor: ann,
      comments: [{ body: 'Shorter' }],
      tasks: ['outline/1'],
    };
    const started: RunFact = { type: 'stage.started', ...outline, items: ['a', 'b', 'c'] };
    expect(stageAfter(started, completed(0), completed(1), completed(2), changes)).toMatchObject({
      state: 'running',
      tasksDone: 2,
      note: 'changes: Shorter',
    });
  });

  it('notes a retry, and the error that ended a stage', () => {
    const failed = (retryAt: string | null): RunFact => ({
      type: 'task.failed',
      ...task(0),
      error,
      usage: null,
      retryAt,
    });
    expect(stageAfter(failed(second(9)))).toMatchObject({
      retries: 1,
      note: 'PROVIDER_TIMEOUT, tried again',
    });
    expect(stageAfter(failed(null))).toMatchObject({ retries: 0, note: '' });
    expect(stageAfter({ type: 'stage.failed', ...outline, error })).toMatchObject({
      state: 'failed',
      note: 'PROVIDER_TIMEOUT: No answer.',
    });
  });

  it.each<[RunFact, string]>([
    [{ type: 'stage.skipped', stage: 'outline' }, 'skipped'],
    [{ type: 'stage.cancelled', stage: 'outline' }, 'cancelled'],
    [{ type: 'stage.ready', ...outline }, 'ready'],
    [{ type: 'stage.reset', ...outline, round: 2, reason: 'rerun', actor: ann }, 'pending'],
    [{ type: 'approval.requested', ...outline, deadline: null }, 'approval_pending'],
    [{ type: 'input.requested', ...outline, task: 'outline' }, 'input_pending'],
    [{ type: 'stage.completed', ...outline, output: null }, 'done'],
  ])('%j makes the stage %s', (fact, state) => {
    expect(stageAfter(fact)?.state).toBe(state);
  });

  it('takes no notice of stages that the template does not have', () => {
    expect(() => fold([{ type: 'stage.skipped', stage: 'other' }])).not.toThrow();
  });
});

describe('the picture of a run', () => {
  it('shows a head, then each stage with its count, round, time and note', () => {
    const progress = fold([
      { type: 'stage.started', ...outline, round: 2, items: ['a', 'b'] },
      completed(0),
      { type: 'approval.requested', ...outline, round: 2, deadline: null },
    ]);
    Object.assign(progress, { percent: 40 });
    expect(printable(renderProgress(progress, '*', Date.parse(second(12))), false).split('\n')).toEqual([
      'Bees  40 %  12 s  $0.25',
      '  ● Outline  1 of 2  round 2  12 s  waits for approval',
      '  ○ Build',
    ]);
  });

  it('turns a spinner for a stage at work', () => {
    const progress = fold([{ type: 'stage.started', ...outline, items: null }]);
    expect(printable(renderProgress(progress, '⠙', Date.parse(second(1))), false)).toContain(
      '  ⠙ Outline  1.0 s',
    );
  });
});
