import { endActionIndex } from '../run/index.ts';
import { stageIdOf, taskOf } from '../run/run-parts.ts';
import type { LaneName } from '../ports/stage-queue.ts';
import type { RunHeader } from '../ports/run-store.ts';
import type { EndAction, Plan, PlannedStage } from '../template/plan.ts';
import type { Run, StageRun, TaskRun } from '../run/run.ts';
import type { TaskId, WorkerId } from '../vocabulary.ts';

/** A run in memory: as the last committed entry left it. */
export interface Held {
  workspace: string;
  plan: Plan;
  run: Run;
  /** What the store holds of what lists show, and of the run's waits as JSON: written again only when it differs. */
  header: RunHeader | null;
  waits: string;
}

/** Work that was taken on: the task or end action, and the run as it was then. */
export type Assignment = TaskAssignment | EndActionAssignment;

interface AssignmentBase {
  workspace: string;
  plan: Plan;
  run: Run;
  /** Id of the work in its run: the task's id, or `end-action:<index>`. */
  work: string;
  attempt: number;
  /** It was under way before, and nobody knows how far it came: a process died with it. */
  resumed: boolean;
  /** Who has it now; null when it waits for a worker. */
  worker: WorkerId | null;
  /** What reports on it must name. */
  fence: number;
}

export interface TaskAssignment extends AssignmentBase {
  kind: 'task';
  stage: PlannedStage;
  stageRun: StageRun;
  task: TaskRun;
}

export interface EndActionAssignment extends AssignmentBase {
  kind: 'end-action';
  index: number;
  action: EndAction;
}

/** Where a task is; undefined when the run has no such task. */
export function findTask(
  plan: Plan,
  run: Run,
  id: TaskId,
): { stage: PlannedStage; stageRun: StageRun; task: TaskRun } | undefined {
  const stageId = stageIdOf(id);
  const stage = plan.stages.find((candidate) => candidate.id === stageId);
  const stageRun = run.stages[stageId];
  const task = stageRun === undefined ? undefined : taskOf(stageRun, id);
  if (stage === undefined || stageRun === undefined || task === undefined) return undefined;
  return { stage, stageRun, task };
}

/** The work as it stands in the run; null when it is not wanted any more, or is another try's. */
export function assignmentOf(
  held: Pick<Held, 'workspace' | 'plan' | 'run'>,
  work: string,
  attempt: number,
): Assignment | null {
  const { workspace, plan, run } = held;
  const base = { workspace, plan, run, work, attempt };
  const index = endActionIndex(work);
  if (index !== null) {
    const state = run.endActions[index];
    const action = plan.onComplete[index];
    if (state?.state !== 'processing' || state.attempt !== attempt || action === undefined) return null;
    const { worker, fence } = state;
    return { ...base, kind: 'end-action', index, action, resumed: worker !== null, worker, fence };
  }
  const found = findTask(plan, run, work);
  if (found === undefined || found.task.attempt !== attempt) return null;
  if (found.task.state !== 'queued' && found.task.state !== 'processing') return null;
  const { worker, fence } = found.task.work;
  return { ...base, kind: 'task', ...found, resumed: found.task.state === 'processing', worker, fence };
}

/** By what a run knows that a report on its task comes from who works on it now. */
export function holdOf({ task, attempt, worker, fence }: TaskAssignment) {
  return { task: task.id, attempt, worker: worker ?? '', fence };
}

/** Which lane the work runs in. */
export function laneOf(plan: Plan, work: string): LaneName {
  const stageId = stageIdOf(work);
  return plan.stages.find((stage) => stage.id === stageId)?.mode === 'ai' ? 'ai' : 'system';
}
