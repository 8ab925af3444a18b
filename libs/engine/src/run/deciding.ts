import type { Plan, PlannedStage } from '../template/plan.ts';
import type { Instant, StageId, TaskId } from '../vocabulary.ts';
import { RunDraft } from './draft.ts';
import type { RunCommand } from './event.ts';
import type { RunFact } from './fact.ts';
import { foldFact } from './fold.ts';
import { stageOf } from './run-parts.ts';
import { planDoesNotFit } from './run.errors.ts';
import type { Run, StageRun } from './run.ts';

/** What follows from an event: the facts to write, the run after them, and what to carry out once they are written. */
export interface Decision {
  run: Run;
  /** Empty when the event changes nothing; then `run` is the run that was given. */
  facts: RunFact[];
  commands: RunCommand[];
}

/** A decision in the making. Every change goes through a fact, folded by the same code that replays a journal. */
export class Deciding {
  readonly plan: Plan;
  readonly now: Instant;
  readonly #before: Run;
  readonly #draft: RunDraft;
  readonly #facts: RunFact[] = [];
  #commands: RunCommand[] = [];

  constructor(plan: Plan, run: Run, now: Instant) {
    this.plan = plan;
    this.now = now;
    this.#before = run;
    this.#draft = new RunDraft(run);
  }

  /** The run as the facts so far made it. Read only. */
  get run(): Run {
    return this.#draft.run;
  }

  /** A stage of the run as the facts so far made it; every stage of the plan is there. Read only. */
  stage(id: StageId): StageRun {
    const stage = stageOf(this.run, id);
    if (stage === undefined) throw planDoesNotFit(id);
    return stage;
  }

  planned(id: StageId): PlannedStage | undefined {
    return this.plan.stages.find((stage) => stage.id === id);
  }

  get hasChanged(): boolean {
    return this.#facts.length > 0;
  }

  emit(fact: RunFact): void {
    foldFact(this.#draft, fact, this.now);
    this.#facts.push(fact);
  }

  command(command: RunCommand): void {
    this.#commands.push(command);
  }

  /** Stops an attempt: one that this very decision had asked for is simply not asked for. */
  abort(task: TaskId, attempt: number): void {
    const others = this.#commands.filter((command) => !(command.type === 'execute' && command.task === task));
    if (others.length === this.#commands.length) this.#commands.push({ type: 'abort', task, attempt });
    else this.#commands = others;
  }

  finish(): Decision {
    if (this.#facts.length === 0) return { run: this.#before, facts: [], commands: [] };
    this.run.version += 1;
    return { run: this.run, facts: this.#facts, commands: this.#commands };
  }
}
