import { assignmentOf } from './assignment.ts';
import { endsAttempt, noteOf, workEndedBy } from './attempts.ts';
import { toFailure } from '../errors/stagewright-error.ts';
import { decide, endActionId, outstanding, waits } from '../run/index.ts';

import type { Assignment, Held } from './assignment.ts';
import type { Slot } from './lanes.ts';
import type { Letter, ReportLetter, StartLetter, TakeUpLetter, VerbLetter } from './letters.ts';
import type { AttemptNote, AttemptRecord } from '../ports/run-store.ts';
import type { RunCommand, RunEvent } from '../run/event.ts';
import type { RunFact } from '../run/fact.ts';
import type { Run } from '../run/run.ts';
import type { Plan } from '../template/plan.ts';
import type { Digest, Instant, TaskId, WorkerId } from '../vocabulary.ts';

/** What deciding a batch may ask of the process around it. */
export interface BatchSurroundings {
  now: Instant;
  /** Plans of the upgrades in the batch. */
  plans: ReadonlyMap<Digest, Plan>;
  /** This process; null when it does not carry out work. */
  worker: WorkerId | null;
  /** Those of the run's workers that are gone. */
  gone: ReadonlySet<WorkerId>;
  /** A free place in this process for the work, beside what is `begun` already; null sends it through the queue. */
  reserve(plan: Plan, work: string, begun: number): Slot | null;
  isUnderWay(work: string, attempt: number): boolean;
  /** The record of a try that is under way in this process. */
  recordOf(task: TaskId, attempt: number): AttemptRecord | null;
}

/** The answer that a letter gets once the batch is committed. */
export type Reply =
  { refused: unknown } | { start: Assignment | null } | { found: boolean } | { taken: boolean } | 'done';

/** Several letters decided one after another on one run: the facts of one journal entry. */
export class Batch {
  plan: Plan;
  run: Run;
  readonly facts: RunFact[] = [];
  readonly commands: RunCommand[] = [];
  readonly replies = new Map<Letter, Reply>();
  /** Work that this process begins by itself when the entry is committed. */
  readonly begun: Array<{ work: string; attempt: number; slot: Slot }> = [];
  readonly #records = new Map<string, AttemptRecord>();
  readonly #workspace: string;
  readonly #around: BatchSurroundings;

  constructor(held: Pick<Held, 'workspace' | 'plan' | 'run'>, around: BatchSurroundings) {
    this.#workspace = held.workspace;
    this.plan = held.plan;
    this.run = held.run;
    this.#around = around;
  }

  get at(): Instant {
    return this.#around.now;
  }

  /** What is known here of the attempts that the facts end, in the order of those facts. */
  get notes(): Array<AttemptNote | null> {
    return this.facts.filter(endsAttempt).map((fact) => {
      const record = this.#records.get(workEndedBy(fact));
      return record === undefined ? null : noteOf(record, this.at);
    });
  }

  /** What is to be carried out may have been asked for before. */
  get again(): boolean {
    return [...this.replies.keys()].some(({ kind }) => kind === 'take-up');
  }

  /** Whether somebody is told no. */
  get refuses(): boolean {
    return [...this.replies.values()].some((reply) => reply !== 'done' && 'refused' in reply);
  }

  add(letter: Exclude<Letter, { kind: 'create' }>): void {
    switch (letter.kind) {
      case 'verb':
        return this.#verb(letter);
      case 'report':
        return this.#report(letter);
      case 'start':
        return this.#start(letter);
      case 'take-up':
        return this.#takeUp(letter);
      case 'read':
        this.replies.set(letter, 'done');
    }
  }

  /** Takes on what this process has a free place for, within the same entry: one write per stage, no queue between. */
  beginHere(): void {
    for (const command of this.commands.splice(0)) {
      if (!this.#beginOne(command)) this.commands.push(command);
    }
  }

  /** Gives back the places that were kept, when the entry was not committed. */
  abandon(): void {
    for (const { slot } of this.begun) slot.release();
  }

  apply(event: RunEvent, plan: Plan = this.plan): RunFact[] {
    const decision = decide(plan, this.run, event, this.#around.now);
    this.adopt(plan, decision.run, decision.facts);
    this.commands.push(...decision.commands);
    return decision.facts;
  }

  adopt(plan: Plan, run: Run, facts: RunFact[]): void {
    this.plan = plan;
    this.run = run;
    this.facts.push(...facts);
    for (const fact of facts) if (fact.type === 'task.cancelled') this.#keep(this.#calledOff(fact));
  }

  #verb(letter: VerbLetter): void {
    const { verb } = letter;
    try {
      const plan = verb.type === 'upgrade' ? this.#around.plans.get(verb.lock.revision.digest) : this.plan;
      this.apply(verb, plan ?? this.plan);
      this.replies.set(letter, 'done');
    } catch (error) {
      this.replies.set(letter, { refused: error });
    }
  }

  #report(letter: ReportLetter): void {
    try {
      const facts = this.#applyReport(letter);
      if (facts.length > 0) this.#keep(letter.record);
      this.replies.set(letter, { taken: facts.length > 0 });
    } catch (error) {
      this.replies.set(letter, { refused: error });
    }
  }

  /** A result that the run cannot be continued with fails the task, so that it never hangs without a word. */
  #applyReport({ report }: ReportLetter): RunFact[] {
    try {
      return this.apply(report);
    } catch (error) {
      if (report.type !== 'task-succeeded') throw error;
      const { task, attempt, worker, fence, usage } = report;
      const failure = { ...toFailure(error), retryable: false };
      return this.apply({ type: 'task-failed', task, attempt, worker, fence, usage, error: failure });
    }
  }

  #start(letter: StartLetter): void {
    const { work, attempt } = letter;
    const { worker } = this.#around;
    const before = this.#assignment(work, attempt);
    if (worker === null || before === null || this.#isTaken(before) || (before.resumed && letter.lost)) {
      this.replies.set(letter, { start: null });
      return;
    }
    // Also written when another process had begun: of two that take up the same attempt, one loses the race.
    this.#begin(before, worker);
    const after = this.#assignment(work, attempt);
    const taken = after !== null && after.worker === worker;
    this.replies.set(letter, { start: taken ? { ...after, resumed: before.resumed } : null });
  }

  #takeUp(letter: TakeUpLetter): void {
    const due = waits(this.plan, this.run).flatMap((wait) =>
      wait.kind === 'timer' && wait.timer.at <= this.#around.now ? [wait.timer] : [],
    );
    try {
      for (const timer of due) this.apply({ type: 'timer-fired', timer });
      const open = letter.recover
        ? outstanding(this.plan, this.run).filter((command) => this.#isNews(command))
        : [];
      this.commands.push(...open);
      this.replies.set(letter, {
        found: due.length > 0 || open.some((command) => command.type !== 'set-timer'),
      });
    } catch (error) {
      this.replies.set(letter, { refused: error });
    }
  }

  /** Somebody works on it: this process, or one that is not known to be gone. */
  #isTaken({ work, attempt, resumed, worker }: Assignment): boolean {
    if (this.#around.isUnderWay(work, attempt)) return true;
    return resumed && worker !== null && worker !== this.#around.worker && !this.#around.gone.has(worker);
  }

  /** False when the run does not want it begun. */
  #begin({ kind, resumed, work, attempt, ...rest }: Assignment, worker: WorkerId): boolean {
    const event: RunEvent =
      kind === 'task'
        ? { type: resumed ? 'task-interrupted' : 'task-started', task: work, attempt, worker }
        : { type: 'end-action-taken', index: (rest as { index: number }).index, attempt, worker };
    return this.apply(event).length > 0;
  }

  #isNews(command: RunCommand): boolean {
    const { work, attempt } = workOf(command) ?? {};
    if (work === undefined || attempt === undefined) return true;
    const decided = this.commands.some((other) => {
      const one = workOf(other);
      return one?.work === work && one.attempt === attempt;
    });
    const wanted = this.#assignment(work, attempt);
    return !decided && wanted !== null && !this.#isTaken(wanted);
  }

  #beginOne(command: RunCommand): boolean {
    const { work, attempt } = workOf(command) ?? {};
    if (work === undefined || attempt === undefined) return false;
    const { worker } = this.#around;
    const wanted = this.#assignment(work, attempt);
    // What was under way before goes through the queue: its start must find out whether somebody else has it.
    if (worker === null || wanted === null || wanted.resumed || this.#isTaken(wanted)) return false;
    const slot = this.#around.reserve(this.plan, work, this.begun.length);
    if (slot === null) return false;
    if (!this.#begin(wanted, worker)) {
      slot.release();
      return false;
    }
    this.begun.push({ work, attempt, slot });
    return true;
  }

  #assignment(work: string, attempt: number): Assignment | null {
    return assignmentOf({ workspace: this.#workspace, plan: this.plan, run: this.run }, work, attempt);
  }

  /** What this process knows of a try that is under way here and now called off. */
  #calledOff({ task, attempt }: { task: TaskId; attempt: number }): AttemptRecord | null {
    const record = this.#around.recordOf(task, attempt);
    return record === null ? null : { ...record, state: 'cancelled', endedAt: this.at };
  }

  #keep(record: AttemptRecord | null): void {
    if (record !== null) this.#records.set(record.task, record);
  }
}

/** The work that a command is about, when it is about beginning it. */
export function workOf(command: RunCommand): { work: string; attempt: number } | null {
  if (command.type === 'execute') return { work: command.task, attempt: command.attempt };
  if (command.type === 'execute-end-action') {
    return { work: endActionId(command.index), attempt: command.attempt };
  }
  return null;
}
