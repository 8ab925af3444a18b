import type { Actor, StageId, TaskId, WorkerId } from '../vocabulary.ts';
import type { Run, StageRun, TaskRun } from './run.ts';

/** The stage of a run by id; undefined when there is none (ids come from outside: `constructor` is a fine guess). */
export function stageOf(run: Run, id: StageId): StageRun | undefined {
  return Object.hasOwn(run.stages, id) ? run.stages[id] : undefined;
}

/** The stage that a task belongs to. */
export function stageIdOf(task: TaskId): StageId {
  const slash = task.indexOf('/');
  return slash === -1 ? task : task.slice(0, slash);
}

/** Where a task stands in `stage.tasks`; -1 when there is none. Its index says where to look first. */
export function positionOf(stage: StageRun, task: TaskId): number {
  const slash = task.indexOf('/');
  const index = slash === -1 ? 0 : Number(task.slice(slash + 1));
  return stage.tasks[index]?.id === task ? index : stage.tasks.findIndex((other) => other.id === task);
}

export function taskOf(stage: StageRun, task: TaskId): TaskRun | undefined {
  return stage.tasks[positionOf(stage, task)];
}

/** Tasks of the present round, in item order: without those that only an earlier round had. */
export function presentTasks(stage: StageRun): TaskRun[] {
  return stage.tasks.length === stage.tally.total ? stage.tasks : stage.tasks.slice(0, stage.tally.total);
}

/** Everybody who works on the run, once each. */
export function workersOf(run: Run): WorkerId[] {
  const found = new Set<WorkerId>();
  for (const { tasks, tally } of Object.values(run.stages)) {
    if (tally.active > 0)
      for (const { state, work } of tasks) {
        if (state === 'processing' && work.worker !== null) found.add(work.worker);
      }
  }
  for (const { state, worker } of run.endActions) {
    if (state === 'processing' && worker !== null) found.add(worker);
  }
  return [...found];
}

/** Whether the run has come to its end: done, failed or cancelled. */
export function hasEnded(run: Run): boolean {
  return run.state === 'done' || run.state === 'failed' || run.state === 'cancelled';
}

/** Whether two actors are the same: by kind and id, as roles change. */
export function sameActor(one: Actor, other: Actor): boolean {
  return one.kind === other.kind && one.id === other.id;
}
