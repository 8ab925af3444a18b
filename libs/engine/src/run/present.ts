import type { RunHeader, RunStanding, RunWait } from '../ports/run-store.ts';
import type { Gate, Plan, PlannedStage } from '../template/plan.ts';
import type { WorkerId } from '../vocabulary.ts';
import { approversOf } from './gate.ts';
import { openReviews } from './review.ts';
import { presentTasks, stageOf } from './run-parts.ts';
import type { ApprovalRun, Run, StageRun } from './run.ts';
import { fractionDone } from './tally.ts';
import { timersOf } from './timers.ts';
import type { ApprovalView, RunView, StageView } from './view.ts';

/** How far the run is, 0..100: 0 for a draft, 100 only when it is done. It falls only when work is to be made again. */
export function progress(_plan: Plan, run: Run): number {
  if (run.state === 'draft') return 0;
  if (run.state === 'done') return 100;
  // The small addition undoes what binary fractions lose: 29 percent is 28.999...
  return Math.min(99, Math.floor(100 * fractionDone(run) + 1e-6));
}

/** Everything that the run waits for: people in stage order, then its budget, then timers. */
export function waits(plan: Plan, run: Run): RunWait[] {
  const timers = timersOf(plan, run).map((timer): RunWait => ({ kind: 'timer', timer }));
  if (run.startedAt === null || run.state === 'cancelled') return timers;
  // What is in doubt outside concerns people also when the run has ended.
  const reviews = openReviews(run).map(({ stage, task, attempt, review: { error } }): RunWait => ({
    kind: 'review',
    stage,
    task,
    attempt,
    code: error.code,
    message: error.message,
  }));
  if (run.endedAt !== null) return [...reviews, ...timers];
  const people = plan.stages.flatMap((planned) => stageWaits(planned, stageOf(run, planned.id)));
  return [...reviews, ...people, ...budgetWaits(run), ...timers];
}

function stageWaits(planned: PlannedStage, stage: StageRun | undefined): RunWait[] {
  const { id } = planned;
  if (stage?.state === 'ready') return [{ kind: 'advance', stage: id }];
  if (stage?.state === 'approval_pending' && stage.approval !== null && planned.approval !== null) {
    const { round, deadline } = stage.approval;
    return [
      {
        kind: 'approval',
        stage: id,
        round,
        deadline,
        approvers: approversOf(planned.approval, stage.approval),
      },
    ];
  }
  if (stage?.state !== 'input_pending' || planned.mode !== 'manual') return [];
  const { assignees } = planned;
  return presentTasks(stage)
    .filter(({ state }) => state === 'queued')
    .map(({ id: task }) => ({ kind: 'input', stage: id, task, assignees }));
}

function budgetWaits(run: Run): RunWait[] {
  if (run.pausedFor !== 'budget') return [];
  return [{ kind: 'budget', usd: run.budgetUsd ?? 0, spent: run.spent.usd ?? 0 }];
}

/** What lists find the run by. `worker` answers for what is open of it. */
export function header(plan: Plan, run: Run, worker: WorkerId | null): RunHeader {
  const open = isOpen(run);
  return {
    template: plan.name,
    revision: run.lock.revision.digest,
    title: run.title,
    state: run.state,
    open,
    holder: open ? worker : null,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
  };
}

/** Where the run stands: what changes with nearly every entry. */
export function standing(plan: Plan, run: Run): RunStanding {
  return { state: run.state, progress: progress(plan, run), spent: run.spent };
}

/** An attempt at a task or an end action is under way. What waits for a retry is not open: its timer is a wait. */
function isOpen(run: Run): boolean {
  if (run.state === 'done') return run.endActions.some(({ state }) => state === 'processing');
  return Object.values(run.stages).some(({ state, tally }) => state === 'running' && tally.active > 0);
}

/** The run as clients see it. */
export function view(plan: Plan, run: Run): RunView {
  const stages = plan.stages.flatMap((planned) => {
    const stage = stageOf(run, planned.id);
    return stage === undefined ? [] : [{ planned, stage }];
  });
  return {
    id: run.id,
    title: run.title,
    template: plan.name,
    revision: run.lock.revision,
    state: run.state,
    progress: progress(plan, run),
    version: run.version,
    inputs: run.inputs,
    outputs: run.outputs,
    error: run.error,
    spent: run.spent,
    budgetUsd: run.budgetUsd,
    placeholder: run.lock.placeholder,
    createdBy: run.createdBy,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    stages: stages.map(({ planned, stage }) => stageView(planned, stage)),
    artifacts: stages.flatMap(({ stage }) => presentTasks(stage).flatMap(({ artifacts }) => artifacts)),
    waitingFor: waits(plan, run),
  };
}

function stageView(planned: PlannedStage, stage: StageRun): StageView {
  return {
    id: planned.id,
    name: planned.name,
    mode: planned.mode,
    sequence: planned.sequence,
    state: stage.state,
    round: stage.round,
    tasks: presentTasks(stage).map(({ id, index, state, attempt, error, retryAt, artifacts }) => ({
      id,
      index,
      state,
      attempt,
      error,
      retryAt,
      artifacts,
    })),
    output: stage.output,
    error: stage.error,
    approval:
      stage.approval === null || planned.approval === null
        ? null
        : approvalView(planned.approval, stage.approval),
    changes: stage.changes.map(({ round, actor, comments }) => ({ round, actor, comments })),
    startedAt: stage.startedAt,
    endedAt: stage.endedAt,
  };
}

function approvalView(gate: Gate, approval: ApprovalRun): ApprovalView {
  const { round, deadline, escalated, given } = approval;
  return { round, approvers: approversOf(gate, approval), quorum: gate.quorum, deadline, escalated, given };
}
