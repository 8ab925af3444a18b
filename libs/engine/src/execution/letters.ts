import type { Assignment, Held } from './assignment.ts';
import type { AttemptRecord } from '../ports/run-store.ts';
import type { RunReport, RunVerb } from '../run/event.ts';
import type { Decision } from '../run/index.ts';
import type { RunView } from '../run/view.ts';
import type { Plan } from '../template/plan.ts';
import type { Actor } from '../vocabulary.ts';

/** What is put into a run's mailbox. Each letter gets its own answer, whatever else is in the batch. */
export type Letter = CreateLetter | VerbLetter | ReportLetter | StartLetter | TakeUpLetter | ReadLetter;

interface Answered<T> {
  resolve(answer: T): void;
  reject(error: unknown): void;
}

/** The first entry of a new run. Answered with null when a run of this id is there already. */
export interface CreateLetter extends Answered<RunView | null> {
  kind: 'create';
  workspace: string;
  plan: Plan;
  decision: Decision;
  /** Who starts it in the same entry; null leaves it a draft. */
  start: Actor | null;
}

export interface VerbLetter extends Answered<RunView> {
  kind: 'verb';
  workspace: string;
  verb: RunVerb;
}

/** Answered when the report is in the journal; with false when it came too late and changed nothing. */
export interface ReportLetter extends Answered<boolean> {
  kind: 'report';
  report: RunReport;
  record: AttemptRecord | null;
  /** Times that the store failed to take it. */
  failures: number;
}

/** A worker wants to begin. Answered with what to do; null when it is not wanted, or another worker has it. */
export interface StartLetter extends Answered<Assignment | null> {
  kind: 'start';
  work: string;
  attempt: number;
  /** A first try to write this start lost a race: who runs it now is not known to be dead. */
  lost: boolean;
}

/** Timers that are due, and with `recover` everything that is outstanding. Answered with whether there was anything. */
export interface TakeUpLetter extends Answered<boolean> {
  kind: 'take-up';
  recover: boolean;
  /** Another process wrote to the run: it is read again first. */
  moved: boolean;
}

/** Answered with the run as it is committed. */
export interface ReadLetter extends Answered<Held> {
  kind: 'read';
  /** People want the present state: what lies in memory unused may have been moved on by another process. */
  present: boolean;
}
