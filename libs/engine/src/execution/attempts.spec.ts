import { describe, expect, it } from '@jest/globals';
import { attemptRecord, attemptsIn, endsAttempt, noteOf } from './attempts.ts';
import type { AttemptRecord } from '../ports/run-store.ts';
import type { JournalEntry, RunFact } from '../run/fact.ts';
import type { Actor, Failure } from '../vocabulary.ts';

const at = (second: number) => `2026-11-21T10:00:${String(second).padStart(2, '0')}.000Z`;
const ann: Actor = { kind: 'user', id: 'ann' };
const error: Failure = { code: 'X_Y', message: 'no', retryable: true };
const of = (task: string, attempt = 1) => ({ stage: task.split('/')[0]!, round: 1, task, attempt });
const journal = (...entries: RunFact[][]): JournalEntry[] =>
  entries.map((facts, index) => ({ version: index + 1, at: at(index + 1), facts }));
const gave = (task: string): RunFact => ({
  ...{ type: 'task.completed', ...of(task), output: `${task} done` },
  ...{ artifacts: [], usage: null, inputDigest: null, reused: false },
});

describe('the attempts that a journal tells of', () => {
  it('are those that ended, each with the place of its note, and those under way', () => {
    const stories = attemptsIn(
      journal(
        [
          { type: 'task.started', ...of('parts/0'), worker: 'w1' },
          { type: 'task.started', ...of('parts/1'), worker: 'w1' },
        ],
        [gave('parts/1'), { type: 'task.failed', ...of('parts/0'), error, usage: null, retryAt: at(9) }],
        [{ type: 'task.started', ...of('parts/0', 2), worker: 'w1' }],
      ),
    );
    expect(stories).toMatchObject([
      { task: 'parts/0', attempt: 1, state: 'failed', error, note: { version: 2, position: 1 } },
      {
        task: 'parts/1',
        attempt: 1,
        state: 'done',
        output: 'parts/1 done',
        note: { version: 2, position: 0 },
      },
      { task: 'parts/0', attempt: 2, state: 'processing', startedAt: at(3), endedAt: null, note: null },
    ]);
  });

  it('are not the forms that people fill in, whose end takes a place all the same', () => {
    const stories = attemptsIn(
      journal(
        [{ type: 'input.requested', stage: 'form', round: 1, task: 'form' }],
        [{ type: 'input.submitted', stage: 'form', round: 1, task: 'form', actor: ann }, gave('form')],
        [{ type: 'end-action.started', index: 0, uses: 'http/request', attempt: 1 }],
        [gave('form'), { type: 'end-action.completed', index: 0, output: 'told' }],
      ),
    );
    expect(stories).toMatchObject([
      { task: 'end-action:0', state: 'done', output: 'told', note: { version: 4, position: 1 } },
    ]);
  });

  it('are no more under way when their worker gave them back, and are one when another begins them', () => {
    const given: RunFact[][] = [
      [{ type: 'task.started', ...of('draft'), worker: 'w1' }],
      [{ type: 'task.released', ...of('draft') }],
    ];
    expect(attemptsIn(journal(...given))).toEqual([]);
    const again: RunFact[] = [{ type: 'task.started', ...of('draft'), worker: 'w2' }];
    expect(attemptsIn(journal(...given, again, [gave('draft')]))).toMatchObject([
      { task: 'draft', attempt: 1, state: 'done', startedAt: at(3) },
    ]);
  });

  it('become the record that was noted', () => {
    const record: AttemptRecord = {
      ...of('draft'),
      state: 'done',
      startedAt: at(1),
      endedAt: at(3),
      provider: 'p',
      model: 'm',
      sent: { prompt: 'Tea?' },
      output: 'draft done',
      raw: null,
      toolCalls: [],
      usage: null,
      error: null,
      log: [{ at: at(2), level: 'info', message: 'half' }],
    };
    const entries = journal(
      [],
      [{ type: 'task.started', ...of('draft'), worker: 'w1' }],
      [],
      [gave('draft')],
    );
    const note = noteOf(record, at(4));
    expect(note).toEqual({
      began: 3_000,
      ended: 1_000,
      provider: 'p',
      model: 'm',
      sent: record.sent,
      log: record.log,
    });
    expect(attemptRecord(attemptsIn(entries)[0]!, note)).toEqual(record);
  });

  it('keep what the facts say when nothing was noted', () => {
    const entries = journal(
      [{ type: 'task.started', ...of('draft'), worker: 'w1' }],
      [{ type: 'task.cancelled', ...of('draft') }],
    );
    expect(entries[1]!.facts.filter(endsAttempt)).toHaveLength(1);
    expect(attemptRecord(attemptsIn(entries)[0]!, null)).toMatchObject({
      state: 'cancelled',
      startedAt: at(1),
      endedAt: at(2),
      sent: null,
      output: null,
    });
  });
});
