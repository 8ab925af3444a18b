import { describe, expect, it } from '@jest/globals';
import type { RunFact } from '@stagewright/engine';
import { factLine } from './fact-line.ts';

const ann = { kind: 'user' as const, id: 'ann' };
const error = { code: 'PROVIDER_TIMEOUT', message: 'No answer.', retryable: true };
const stage = { stage: 'outline', round: 1 };
const task = { ...stage, task: 'outline', attempt: 1 };
const lock = {
  revision: { template: 'ebook', version: '1.0.0', commit: 'c', digest: 'd' },
  files: {},
  plugins: {},
  models: {},
  placeholder: false,
};
const outline = { stages: [], budgetUsd: null, endActions: [] };
const done = { output: null, artifacts: [], usage: null, inputDigest: null };

/** Every type of fact, with the line that people see; a new type fails to compile here until it has one. */
const LINES: {
  [Type in RunFact['type']]: Array<[Omit<Extract<RunFact, { type: Type }>, 'type'>, string | null]>;
} = {
  'run.created': [[{ title: 'Bees', inputs: {}, lock, actor: ann, outline }, 'run created: Bees']],
  'run.started': [[{ actor: ann }, 'run started']],
  'run.paused': [
    [{ actor: ann, reason: 'asked' }, 'run paused'],
    [{ actor: ann, reason: 'budget' }, 'run paused: its budget is used up'],
  ],
  'run.resumed': [[{ actor: ann }, 'run resumed']],
  'run.upgraded': [[{ lock, actor: ann, outline }, 'run upgraded']],
  'run.completed': [[{ outputs: {} }, 'run completed']],
  'run.failed': [[{ error, stage: 'outline' }, 'run failed: PROVIDER_TIMEOUT: No answer.']],
  'run.cancelled': [
    [{ actor: ann, reason: '' }, 'run cancelled'],
    [{ actor: ann, reason: 'Wrong topic' }, 'run cancelled: Wrong topic'],
  ],
  'stage.ready': [[stage, 'outline: ready']],
  'stage.advanced': [[{ ...stage, actor: ann }, 'outline: advanced']],
  'stage.started': [
    [{ ...stage, items: null }, 'outline: started'],
    [{ ...stage, round: 2, items: [1, 2, 3] }, 'outline: started, 3 tasks (round 2)'],
  ],
  'stage.completed': [[{ ...stage, output: null }, 'outline: completed']],
  'stage.skipped': [[{ stage: 'outline' }, 'outline: skipped']],
  'stage.failed': [[{ ...stage, error }, 'outline: failed: PROVIDER_TIMEOUT: No answer.']],
  'stage.cancelled': [[{ stage: 'outline' }, 'outline: cancelled']],
  'stage.reset': [[{ ...stage, round: 2, reason: 'retry', actor: ann }, 'outline: reset (round 2)']],
  'task.queued': [[task, null]],
  'task.started': [[{ ...task, worker: 'w1' }, null]],
  'task.completed': [
    [{ ...task, ...done, reused: false }, 'outline: done'],
    [{ ...task, ...done, reused: true }, 'outline: done, reused'],
  ],
  'task.failed': [
    [{ ...task, error, usage: null, retryAt: null }, 'outline: failed: PROVIDER_TIMEOUT: No answer.'],
    [
      { ...task, error, usage: null, retryAt: '2026-01-01T00:00:00.000Z' },
      'outline: failed: PROVIDER_TIMEOUT: No answer., again at 2026-01-01T00:00:00.000Z',
    ],
  ],
  'task.cancelled': [[task, null]],
  'task.released': [[task, 'outline: was given back by a worker that stops']],
  'task.interrupted': [[{ ...task, worker: 'w2' }, 'outline: was interrupted, and is taken up again']],
  'tool.answered': [[{ ...task, answer: { content: 'x', error: null, artifacts: [] } }, null]],
  'tool.called': [[{ ...task, tool: 'http/request' }, null]],
  'approval.requested': [[{ ...stage, round: 2, deadline: null }, 'outline: waits for approval (round 2)']],
  'approval.given': [[{ ...stage, actor: ann, comment: null }, 'outline: approved by ann']],
  'approval.escalated': [[stage, 'outline: nobody decided in time, escalated']],
  'approval.completed': [[{ ...stage, by: 'quorum' }, null]],
  'approval.kept': [[{ ...stage, from: 1 }, 'outline: nothing changed since it was approved in round 1']],
  'changes.requested': [
    [
      { ...stage, actor: ann, comments: [{ body: 'Shorter' }, { body: 'Warmer' }], tasks: [] },
      'outline: ann asks for changes: Shorter / Warmer',
    ],
  ],
  'input.requested': [[{ ...stage, task: 'outline' }, 'outline: waits for input']],
  'input.submitted': [[{ ...stage, task: 'outline', actor: ann }, 'outline: input from ann']],
  'input.kept': [[{ ...task, from: 1 }, 'outline: nothing changed since it was filled in']],
  'review.requested': [
    [
      { ...task, error: { code: 'X', message: 'cut off', retryable: false }, usage: null, inputDigest: null },
      'outline: nobody knows whether it happened: cut off',
    ],
  ],
  'review.resolved': [
    [{ ...task, actor: ann, outcome: 'done', comment: null }, 'outline: ann says: it happened'],
  ],
  'end-action.taken': [[{ index: 0, attempt: 1, worker: 'w1' }, null]],
  'end-action.doubted': [
    [
      { index: 0, attempt: 1, error: { code: 'X', message: 'cut off', retryable: false } },
      'end action 0: nobody knows whether it happened: cut off',
    ],
  ],
  'end-action.resolved': [
    [
      { index: 0, attempt: 1, actor: ann, outcome: 'repeat', comment: null },
      'end action 0: ann says: it did not happen, do it again',
    ],
  ],
  'budget.exceeded': [[{ usd: 1, spent: 1.23456 }, 'budget of $1 exceeded: $1.2346 spent']],
  'end-action.started': [[{ index: 0, uses: 'http/request', attempt: 1 }, 'end action 0 started']],
  'end-action.skipped': [[{ index: 0 }, 'end action 0 skipped']],
  'end-action.completed': [[{ index: 0, output: null }, 'end action 0 completed']],
  'end-action.failed': [[{ index: 0, error, retryAt: null }, 'end action 0 failed']],
};

const cases = Object.entries(LINES).flatMap(([type, lines]) =>
  (lines as Array<[object, string | null]>).map(
    ([facts, line]) => [type, line, { type, ...facts } as RunFact] as const,
  ),
);

describe('a fact as a line', () => {
  it.each(cases)('%s: %s', (_, line, fact) => {
    expect(factLine(fact)).toBe(line);
  });
});
