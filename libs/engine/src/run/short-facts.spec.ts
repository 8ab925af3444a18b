import { describe, expect, it } from '@jest/globals';
import { shortFacts, wholeFacts } from './index.ts';
import type { RunFact, ShortFact } from './index.ts';
import type { Actor, Failure } from '../vocabulary.ts';

const ann: Actor = { kind: 'user', id: 'ann' };
const error: Failure = { code: 'X_Y', message: 'no', retryable: false };
const draft = { stage: 'draft', round: 1, task: 'draft', attempt: 1 };
const item = { stage: 'parts', round: 2, task: 'parts/3', attempt: 4 };
const nothing = { artifacts: [], usage: null, inputDigest: null, reused: false };
const tea = { title: 'Tea' };

const CASES: Array<[what: string, facts: RunFact[], short: ShortFact[]]> = [
  [
    'what a step without anything special says as a word and a name',
    [
      { type: 'stage.started', stage: 'draft', round: 1, items: null },
      { type: 'task.queued', ...draft },
      { type: 'task.started', ...draft, worker: 'w1' },
    ],
    ['stage.started draft', 'task.queued draft', 'task.started draft w1'],
  ],
  [
    'what is not the usual',
    [{ type: 'task.started', ...item, worker: 'w1' }],
    [{ type: 'task.started', round: 2, task: 'parts/3', attempt: 4, worker: 'w1' }],
  ],
  [
    'an output once, when the stage gives that of its task',
    [
      { type: 'task.completed', ...draft, output: tea, ...nothing },
      { type: 'stage.completed', stage: 'draft', round: 1, output: tea },
    ],
    [{ type: 'task.completed', task: 'draft', output: tea }, 'stage.completed draft'],
  ],
  [
    'both outputs, when they are two values',
    [
      { type: 'task.completed', ...item, output: tea, ...nothing },
      { type: 'stage.completed', stage: 'parts', round: 2, output: [tea] },
    ],
    [
      { type: 'task.completed', round: 2, task: 'parts/3', attempt: 4, output: tea },
      { type: 'stage.completed', stage: 'parts', round: 2, output: [tea] },
    ],
  ],
  [
    'no output of a stage at all',
    [{ type: 'stage.completed', stage: 'draft', round: 1, output: null }],
    [{ type: 'stage.completed', stage: 'draft', output: null }],
  ],
  [
    'an error once, and who started a run that he made',
    [
      { type: 'task.failed', ...draft, error, usage: null, retryAt: null },
      { type: 'stage.failed', stage: 'draft', round: 1, error },
      { type: 'run.cancelled', actor: ann, reason: '' },
      { type: 'run.started', actor: ann },
    ],
    [
      { type: 'task.failed', task: 'draft', error },
      'stage.failed draft',
      { type: 'run.cancelled', actor: ann, reason: '' },
      { type: 'run.started' },
    ],
  ],
];

describe('the short form of facts', () => {
  it.each(CASES)('keeps %s', (_, facts, short) => {
    expect(shortFacts(facts)).toEqual(short);
    const back = wholeFacts(JSON.parse(JSON.stringify(short)) as ShortFact[]);
    expect(JSON.stringify(back)).toBe(JSON.stringify(facts));
  });

  it('takes facts that were written in full as they are', () => {
    for (const [, facts] of CASES) expect(wholeFacts(facts as unknown as ShortFact[])).toEqual(facts);
  });

  it('loses nothing that a newer release wrote', () => {
    const newer: ShortFact[] = [
      { type: 'task.queued', task: 'draft', lane: 'fast' },
      { type: 'moon.rose', phase: 'full' },
    ];
    expect(wholeFacts(newer)).toEqual([{ type: 'task.queued', ...draft, lane: 'fast' }, newer[1]]);
  });

  it('reads what was written before facts named workers', () => {
    expect(wholeFacts(['task.started draft'])).toEqual([{ type: 'task.started', ...draft }]);
  });
});
