import type { Instant, RunId, RunState } from '../vocabulary.ts';
import { RunDraft } from './draft.ts';
import type { JournalEntry, RunFact, RunOutline } from './fact.ts';
import { end, reopen } from './end-of-run.ts';
import { foldEndAction } from './fold-end-action.ts';
import { foldStageFact } from './fold-stage.ts';
import { foldTaskFact } from './fold-task.ts';
import { hasEnded } from './run-parts.ts';
import { journalIsBroken } from './run.errors.ts';
import type { EndActionRun, Run, StageRun } from './run.ts';
import { emptyTally, restartProgress } from './tally.ts';

type Fact<T extends RunFact['type']> = Extract<RunFact, { type: T }>;

/** The run after one more fact. `at` is the instant of the fact's entry. The version counts entries and stays. */
export function apply(run: Run, fact: RunFact, at: Instant): Run {
  if (fact.type === 'run.created') return born(run.id, fact, at);
  const draft = new RunDraft(run);
  foldFact(draft, fact, at);
  return draft.run;
}

/**
 * The run that a journal tells of. Throws `RUN_JOURNAL_BROKEN` when entries are missing, doubled or out of order.
 */
export function replay(id: RunId, entries: JournalEntry[]): Run {
  const [first] = entries;
  const created = first?.facts[0];
  if (first === undefined || created?.type !== 'run.created') {
    throw journalIsBroken(`The journal of run "${id}" does not begin with its creation.`);
  }
  const draft = new RunDraft(born(id, created, first.at));
  for (const [position, entry] of entries.entries()) {
    if (entry.version !== position + 1) {
      throw journalIsBroken(
        `The journal of run "${id}" has version ${entry.version} where ${position + 1} belongs.`,
      );
    }
    for (const fact of entry.facts) {
      if (fact !== created) foldFact(draft, fact, entry.at);
    }
  }
  draft.run.version = entries.length;
  return draft.run;
}

/** Folds a fact into a run under change. */
export function foldFact(draft: RunDraft, fact: RunFact, at: Instant): void {
  const { run } = draft;
  switch (fact.type) {
    case 'run.created':
      throw journalIsBroken(`Run "${run.id}" was created twice.`);
    case 'run.started':
      run.startedAt = at;
      run.startedBy = fact.actor;
      run.state = 'running';
      return;
    case 'run.paused':
      run.pausedFor = fact.reason;
      run.state = 'paused';
      return;
    case 'run.resumed':
      run.pausedFor = null;
      if (fact.budgetUsd !== undefined) run.budgetUsd = fact.budgetUsd;
      run.state = waitingState(run);
      return;
    case 'run.upgraded':
      return foldUpgrade(draft, fact);
    case 'run.completed':
      run.outputs = fact.outputs;
      return end(run, 'done', at);
    case 'run.failed':
      run.error = fact.error;
      return end(run, 'failed', at);
    case 'run.cancelled':
      return end(run, 'cancelled', at);
    case 'budget.exceeded':
      return;
    case 'end-action.started':
    case 'end-action.taken':
    case 'end-action.doubted':
    case 'end-action.resolved':
    case 'end-action.completed':
    case 'end-action.failed':
    case 'end-action.skipped':
      return foldEndAction(run, fact, at);
    case 'task.queued':
    case 'task.started':
    case 'task.completed':
    case 'task.failed':
    case 'task.cancelled':
    case 'task.interrupted':
    case 'task.released':
    case 'review.requested':
    case 'review.resolved':
    case 'tool.called':
    case 'tool.answered':
    case 'input.requested':
    case 'input.submitted':
    case 'input.kept':
      foldTaskFact(draft, fact, at);
      break;
    default:
      foldStageFact(draft, fact, at);
  }
  if (run.state !== 'paused' && !hasEnded(run)) run.state = waitingState(run);
}

/** What a run that is neither paused nor at its end does, from what its stages do. */
function waitingState(run: Run): RunState {
  let approval = false;
  let input = false;
  for (const id in run.stages) {
    const { state } = run.stages[id]!;
    if (state === 'running') return 'running';
    if (state === 'approval_pending') approval = true;
    if (state === 'input_pending' || state === 'ready') input = true;
  }
  if (approval) return 'approval_pending';
  return input ? 'input_pending' : 'running';
}

function born(id: RunId, fact: Fact<'run.created'>, at: Instant): Run {
  const run: Run = {
    id,
    title: fact.title,
    version: 0,
    state: 'draft',
    pausedFor: null,
    inputs: fact.inputs,
    lock: fact.lock,
    createdBy: fact.actor,
    startedBy: null,
    createdAt: at,
    startedAt: null,
    endedAt: null,
    stages: Object.fromEntries(fact.outline.stages.map((stage) => [stage, untouchedStage(stage)])),
    outputs: null,
    error: null,
    spent: { inputTokens: 0, outputTokens: 0, usd: 0 },
    budgetUsd: fact.outline.budgetUsd,
    endActions: untouchedEndActions(fact.outline),
    progressMark: { fraction: 0, left: 0 },
    retired: {},
  };
  restartProgress(run);
  return run;
}

function untouchedStage(id: string): StageRun {
  return {
    id,
    state: 'pending',
    round: 1,
    tasks: [],
    tally: emptyTally(),
    items: null,
    output: null,
    error: null,
    startedAt: null,
    endedAt: null,
    approval: null,
    signedOff: null,
    asksAgain: false,
    changes: [],
  };
}

function untouchedEndActions(outline: RunOutline): EndActionRun[] {
  return outline.endActions.map((uses) => ({
    uses,
    state: 'pending',
    review: null,
    attempt: 0,
    tries: 0,
    error: null,
    retryAt: null,
    worker: null,
    fence: 0,
  }));
}

function foldUpgrade(draft: RunDraft, fact: Fact<'run.upgraded'>): void {
  const { run } = draft;
  const before: Record<string, StageRun> = { ...run.retired, ...run.stages };
  const kept = fact.outline.stages.map(
    (id) => [id, Object.hasOwn(before, id) ? before[id]! : untouchedStage(id)] as const,
  );
  for (const [id] of kept) delete before[id];
  run.retired = before;
  run.stages = Object.fromEntries(kept);
  run.lock = fact.lock;
  run.budgetUsd = fact.outline.budgetUsd;
  // Attempts of end actions go on counting: an attempt number is never given twice to the same position.
  run.endActions = untouchedEndActions(fact.outline).map((action, index) => ({
    ...action,
    attempt: run.endActions[index]?.attempt ?? 0,
  }));
  reopen(run);
}
