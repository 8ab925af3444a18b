import type { AttemptNote, RunFact, RunState } from '@stagewright/engine';

import type { Delivery } from '../services/receiver.ts';

/** One entry of a run's journal as the database has it. */
export interface EntryRow {
  version: number;
  facts: RunFact[];
  state: RunState;
  /** One for each fact that ends an attempt, in their order. */
  notes: Array<AttemptNote | null>;
}

/** A run as the database has it, read past the product: header, journal and waits. */
export interface RunHistory {
  id: string;
  workspace: string;
  template: string;
  state: RunState;
  /** There is work that a process must carry out. */
  open: boolean;
  /** In the order of their versions. */
  entries: EntryRow[];
  /** Of each timer that the run waits for: seconds since it was due, negative before that. */
  timers: number[];
}

/** Who answers for the open work of a run. */
export interface Lease {
  run: string;
  /** Worker id. */
  holder: string;
  /** Seconds since it lapsed, by the clock of the database; negative while it holds. */
  lapsedFor: number;
}

/** A submit as the client saw it: every id that the server answered its key with. */
export interface Submit {
  key: string;
  template: string;
  ids: string[];
}

/** A decision that a server confirmed with 200. */
export interface Decision {
  run: string;
  stage: string;
  round: number;
  verb: 'approve' | 'request-changes';
}

export interface FaultRecord {
  kind: string;
  target: string;
  /** Milliseconds since the storm began. */
  at: number;
  /** Whether it did what it should: the process was there, the answer was lost. */
  hit: boolean;
  /** Runs with work under way when it hit, by the database. */
  openRuns: number;
}

/** Everything that is known of a storm once it is over, from the database and from those outside. */
export interface Evidence {
  runs: RunHistory[];
  leases: Lease[];
  /** Seconds after which a lease lapses. */
  leaseSeconds: number;
  submits: Submit[];
  decisions: Decision[];
  deliveries: Delivery[];
  faults: FaultRecord[];
  /** Text that leaked nothing: output of processes, documents of the database, bodies that were sent; by where it is from. */
  texts: Array<{ from: string; text: string }>;
  /** Values that may appear in none of them. */
  secrets: string[];
}

/** What is wrong, in words; empty when nothing is. */
export type Oracle = (evidence: Evidence) => string[];

/** All facts of a run in order. */
export function factsOf(run: RunHistory): RunFact[] {
  return run.entries.flatMap(({ facts }) => facts);
}

/** The facts of one type. */
export function only<Type extends RunFact['type']>(
  facts: RunFact[],
  type: Type,
): Array<Extract<RunFact, { type: Type }>> {
  return facts.filter((fact): fact is Extract<RunFact, { type: Type }> => fact.type === type);
}
