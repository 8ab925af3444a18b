import type { StageId, TaskId } from '../vocabulary.ts';
import { positionOf, stageIdOf, stageOf } from './run-parts.ts';
import { journalIsBroken } from './run.errors.ts';
import type { Run, StageRun, TaskRun } from './run.ts';

/**
 * A run under change. The run it began from is never touched: the run, a stage, its list of tasks and a task are each
 * copied once, when first written to. So a decision costs what it changes, and a replay does not copy at every fact.
 */
export class RunDraft {
  readonly run: Run;
  #ownsStages = false;
  readonly #ownedStages = new Set<StageRun>();
  readonly #ownedLists = new Set<TaskRun[]>();
  readonly #ownedTasks = new Set<TaskRun>();

  constructor(base: Run) {
    this.run = { ...base };
  }

  /** The stage, writable. Its tasks are not: see `task` and `replaceTasks`. */
  stage(id: StageId): StageRun {
    const present = stageOf(this.run, id);
    if (present === undefined)
      throw journalIsBroken(`A fact speaks of stage "${id}", which the run does not have.`);
    if (this.#ownedStages.has(present)) return present;
    const copy = { ...present, tally: { ...present.tally } };
    this.#ownedStages.add(copy);
    this.stages()[id] = copy;
    return copy;
  }

  /** The table of stages, writable. */
  stages(): Record<StageId, StageRun> {
    if (!this.#ownsStages) {
      this.run.stages = { ...this.run.stages };
      this.#ownsStages = true;
    }
    return this.run.stages;
  }

  /** The task and its stage, writable. */
  task(id: TaskId): { stage: StageRun; task: TaskRun } {
    const stage = this.stage(stageIdOf(id));
    const position = positionOf(stage, id);
    const present = stage.tasks[position];
    if (present === undefined)
      throw journalIsBroken(`A fact speaks of task "${id}", which the run does not have.`);
    if (this.#ownedTasks.has(present)) return { stage, task: present };
    const copy = { ...present };
    this.#ownedTasks.add(copy);
    if (!this.#ownedLists.has(stage.tasks)) this.#replaceList(stage, [...stage.tasks]);
    stage.tasks[position] = copy;
    return { stage, task: copy };
  }

  /** Gives a stage new tasks, made by the caller. */
  replaceTasks(stage: StageRun, tasks: TaskRun[]): void {
    this.#replaceList(stage, tasks);
    for (const task of tasks) this.#ownedTasks.add(task);
  }

  #replaceList(stage: StageRun, tasks: TaskRun[]): void {
    this.#ownedLists.add(tasks);
    stage.tasks = tasks;
  }
}
