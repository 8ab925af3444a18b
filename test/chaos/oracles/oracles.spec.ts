import { describe, expect, it } from '@jest/globals';
import type { RunFact } from '@stagewright/engine';

import type { Evidence, RunHistory } from './evidence.ts';
import { askAll } from './index.ts';
import type { OracleName } from './index.ts';
import { delivery, entriesOf, lawfulEvidence, lawfulFacts } from './lawful-evidence.ts';

/** Every oracle against histories that cannot be: an oracle that finds nothing in them would find nothing in a storm. */
const QUOTA = { 'kill-server': 1 };

/** The evidence with the one run of it changed. */
const withRun = (change: Partial<RunHistory>): Evidence => {
  const evidence = lawfulEvidence();
  return { ...evidence, runs: evidence.runs.map((run) => ({ ...run, ...change })) };
};
/** The same with other facts, and a header that follows from them. */
const withFacts = (facts: RunFact[]): Evidence => withRun({ entries: entriesOf(facts) });
const without = (type: RunFact['type']): Evidence =>
  withFacts(lawfulFacts().filter((fact) => fact.type !== type));
const twice = (type: RunFact['type']): Evidence =>
  withFacts(lawfulFacts().flatMap((fact) => (fact.type === type ? [fact, fact] : [fact])));
const withFailure = (error: object): Evidence =>
  withFacts(
    lawfulFacts().map((fact) =>
      fact.type === 'task.completed' && fact.stage === 'text'
        ? ({ ...fact, type: 'task.failed', error, retryAt: null } as RunFact)
        : fact,
    ),
  );
const but = (change: Partial<Evidence>): Evidence => ({ ...lawfulEvidence(), ...change });

const PLANTED: Array<[OracleName, string, Evidence]> = [
  ['O1', 'a run that was confirmed is not in the database', but({ runs: [] })],
  ['O1', 'a run waits for ever', withRun({ state: 'running' })],
  ['O1', 'an end action was begun and nobody ended it', without('end-action.completed')],
  ['O2', 'a task was completed twice', twice('task.completed')],
  ['O2', 'a stage was started twice', twice('stage.started')],
  ['O2', 'a gate was opened twice', twice('approval.requested')],
  ['O2', 'a task was completed that nobody queued', without('task.queued')],
  [
    'O2',
    'an entry of the journal is missing',
    withRun({ entries: entriesOf(lawfulFacts()).toSpliced(4, 1) }),
  ],
  ['O2', 'the header is behind its journal', withRun({ state: 'running' })],
  ['O2', 'a task goes on after the end', withFacts([...lawfulFacts(), lawfulFacts()[4]!])],
  [
    'O3',
    'an effect came under a second key',
    but({ deliveries: [...lawfulEvidence().deliveries, delivery('tell/0', 2)] }),
  ],
  [
    'O3',
    'an effect came without a key',
    but({ deliveries: [...lawfulEvidence().deliveries, { ...delivery('tell/0'), key: '' }] }),
  ],
  [
    'O3',
    'one key came with two bodies',
    but({ deliveries: [...lawfulEvidence().deliveries, { ...delivery('tell/0'), hash: 'another' }] }),
  ],
  ['O3', 'an effect counts as made and never came', but({ deliveries: [delivery('end-action:0')] })],
  ['O4', 'a gate was approved twice', twice('approval.completed')],
  [
    'O4',
    'two servers confirmed a decision about one gate',
    but({
      decisions: [
        ...lawfulEvidence().decisions,
        { run: 'run-1', stage: 'text', round: 1, verb: 'request-changes' },
      ],
    }),
  ],
  [
    'O4',
    'a repeated submit made a second run',
    but({ submits: [{ key: 'storm-1', template: 'story', ids: ['run-1', 'run-2'] }] }),
  ],
  ['O4', 'there is a run that nobody asked for', but({ submits: [] })],
  [
    'O5',
    'nobody knows what was sent for an attempt',
    withRun({ entries: entriesOf(lawfulFacts()).map((entry) => ({ ...entry, notes: [] })) }),
  ],
  [
    'O5',
    'there is a note on an attempt that never was',
    withRun({
      entries: entriesOf(lawfulFacts()).map((entry) => ({ ...entry, notes: [{ sent: {} }, { sent: {} }] })),
    }),
  ],
  ['O6', 'a secret was printed', but({ texts: [{ from: 'server-1', text: 'key canary-4711' }] })],
  ['O6', 'a run lies in a workspace of nobody', withRun({ workspace: 'other' })],
  [
    'O7',
    'a task failed without a next step',
    withFailure({ code: 'PROVIDER_DOWN', message: 'It is down.', retryable: false }),
  ],
  [
    'O7',
    'a task failed without a code',
    withFailure({ code: '', message: 'x', hint: 'y', retryable: false }),
  ],
  [
    'O8',
    'the faults hit nothing',
    but({ faults: [{ kind: 'kill-server', target: 'server-1', at: 1, hit: true, openRuns: 0 }] }),
  ],
  [
    'O8',
    'a fault did not come about',
    but({ faults: [{ kind: 'kill-server', target: 'server-1', at: 1, hit: false, openRuns: 3 }] }),
  ],
  [
    'O9',
    'a lease of the dead still stands',
    but({ leases: [{ run: 'run-1', holder: 'worker-1', lapsedFor: 9 }] }),
  ],
  ['O9', 'a timer was never heard', withRun({ timers: [60] })],
  ['O9', 'a run ended and has work under way', withRun({ open: true })],
];

describe('the oracles', () => {
  it('have nothing against a lawful history', () => {
    expect(Object.values(askAll(lawfulEvidence(), QUOTA)).flat()).toEqual([]);
  });

  it.each(PLANTED)('%s says so when %s', (name, _what, evidence) => {
    const said = askAll(evidence, QUOTA)[name];
    expect(said.length).toBeGreaterThan(0);
    for (const breach of said) expect(breach).not.toContain('undefined');
  });

  it('are all put to the test', () => {
    const all = Object.keys(askAll(lawfulEvidence(), QUOTA));
    expect([...new Set(PLANTED.map(([name]) => name))]).toEqual(all);
  });
});
