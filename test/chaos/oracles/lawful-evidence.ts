import type { RunFact } from '@stagewright/engine';
import { digestOf } from '@stagewright/engine';

import type { Delivery } from '../services/receiver.ts';
import type { EntryRow, Evidence, RunHistory } from './evidence.ts';

const actor = { kind: 'user' as const, id: 'local' };
const RUN = 'run-1';
const ENDS = /^(?:task|end-action)\.completed$/;

/** A run with a gate, an effect and an end action, as it is when nothing went wrong. For the tests of the oracles. */
export function lawfulEvidence(): Evidence {
  return {
    runs: [lawfulRun()],
    leases: [{ run: RUN, holder: 'worker-1', lapsedFor: -5 }],
    leaseSeconds: 2,
    submits: [{ key: 'storm-1', template: 'story', ids: [RUN, RUN] }],
    decisions: [{ run: RUN, stage: 'text', round: 1, verb: 'approve' }],
    // The first answer was lost, so it was sent again.
    deliveries: [delivery('tell/0'), delivery('tell/0'), delivery('end-action:0')],
    faults: [{ kind: 'kill-server', target: 'server-1', at: 10, hit: true, openRuns: 3 }],
    texts: [{ from: 'server-1', text: 'Took up 1 run(s) that had work outstanding.' }],
    secrets: ['canary-4711'],
  };
}

export function delivery(work: string, round = 1): Delivery {
  const key = digestOf([RUN, work, round]);
  return { key, hash: `hash of ${work}`, body: { run: RUN, work }, at: 0, answered: 200 };
}

/** Facts as they come in a run of one entry each; the oracles look at nothing else of them. */
export function entriesOf(facts: RunFact[]): EntryRow[] {
  return facts.map((fact, index) => ({
    version: index + 1,
    facts: [fact],
    state: index === facts.length - 1 ? 'done' : 'running',
    // Of what is sent, an oracle looks whether it is there.
    notes: ENDS.test(fact.type) ? [{ sent: { with: {} } }] : [],
  }));
}

function lawfulRun(): RunHistory {
  const entries = entriesOf(lawfulFacts());
  return {
    id: RUN,
    workspace: 'default',
    template: 'story',
    state: 'done',
    open: false,
    entries,
    timers: [],
  };
}

/** Cut down to what is looked at: the rest of a fact says nothing to an oracle. */
export function lawfulFacts(): RunFact[] {
  const text = { stage: 'text', round: 1, task: 'text', attempt: 1 };
  const tell = { stage: 'tell', round: 1, task: 'tell/0', attempt: 1 };
  return [
    { type: 'run.created', title: 'x', inputs: {}, actor },
    { type: 'run.started', actor },
    { type: 'stage.started', stage: 'text', round: 1, items: null },
    { type: 'task.queued', ...text },
    { type: 'task.started', ...text },
    { type: 'task.interrupted', ...text },
    { type: 'task.completed', ...text, output: null, artifacts: [], usage: null, reused: false },
    { type: 'approval.requested', stage: 'text', round: 1, deadline: null },
    { type: 'approval.given', stage: 'text', round: 1, actor, comment: null },
    { type: 'approval.completed', stage: 'text', round: 1, by: 'quorum' },
    { type: 'stage.completed', stage: 'text', round: 1, output: null },
    { type: 'stage.started', stage: 'tell', round: 1, items: ['a'] },
    { type: 'task.queued', ...tell },
    { type: 'task.started', ...tell },
    { type: 'task.completed', ...tell, output: null, artifacts: [], usage: null, reused: false },
    { type: 'stage.completed', stage: 'tell', round: 1, output: null },
    { type: 'run.completed', outputs: {} },
    { type: 'end-action.started', index: 0, uses: 'http/request', attempt: 1 },
    { type: 'end-action.completed', index: 0, output: null },
  ] as unknown as RunFact[];
}
