import type {
  Actor,
  ArtifactRef,
  Digest,
  Failure,
  Instant,
  Json,
  ReviewComment,
  RunLock,
  StageId,
  TaskId,
  Usage,
  WorkerId,
} from '../vocabulary.ts';
import type { ReviewOutcome } from './fact.ts';
import type { ToolAnswer, ToolCallAsked } from './run.ts';

/** What a person or a client asks of a run. Each is refused when it does not apply. */
export type RunVerb =
  | { type: 'start'; actor: Actor }
  /** `round` is the round of the stage that the person saw; another one is refused as stale. */
  | { type: 'approve'; actor: Actor; stage: StageId; round: number; comment?: string }
  /** Without `tasks` every task of the stage is made again; with it, only those. */
  | {
      type: 'request-changes';
      actor: Actor;
      stage: StageId;
      round: number;
      comments: ReviewComment[];
      tasks?: TaskId[];
    }
  | { type: 'submit-input'; actor: Actor; stage: StageId; task?: TaskId; input: Json }
  /** Starts the stage that waits under `advance: manual`; with several waiting, `stage` says which. */
  | { type: 'next-stage'; actor: Actor; stage?: StageId }
  | { type: 'pause'; actor: Actor }
  /** Also the answer to a budget that asks; `budgetUsd` then raises the budget. */
  | { type: 'resume'; actor: Actor; budgetUsd?: number }
  | { type: 'cancel'; actor: Actor; reason?: string }
  /**
   * Says what became of a try whose outcome nobody knew. `task` is a task, or `end-action:<index>`; `output` is what it gave,
   * when it is `done`.
   */
  | {
      type: 'resolve';
      actor: Actor;
      task: TaskId;
      attempt: number;
      outcome: ReviewOutcome;
      output?: Json;
      comment?: string;
    }
  /** Another round for every failed stage of a failed run. */
  | { type: 'retry'; actor: Actor }
  /** Another round for `from` and for everything that depends on it. */
  | { type: 'rerun'; actor: Actor; from: StageId }
  /** Goes on with another plan (given to `decide`), every stage in a new round. */
  | { type: 'upgrade'; actor: Actor; lock: RunLock };

/**
 * Who holds an attempt. An attempt that goes from one worker to another has a new fence: what still comes under the
 * old one is late.
 */
interface Hold {
  task: TaskId;
  attempt: number;
  worker: WorkerId;
  /** `work.fence` of the task as the worker took it. */
  fence: number;
}

interface EndActionHold {
  index: number;
  attempt: number;
  fence: number;
}

/** What execution reports back to a run. One that is late (another attempt or fence, an ended run) changes nothing. */
export type RunReport =
  | { type: 'task-started'; task: TaskId; attempt: number; worker: WorkerId }
  /** `worker` takes up an attempt that was under way, and whose worker is gone. */
  | { type: 'task-interrupted'; task: TaskId; attempt: number; worker: WorkerId }
  /** The worker stops and leaves the attempt to another one. */
  | ({ type: 'task-released' } & Hold)
  /** A model is about to call a tool; the call is made only when this is written. */
  | ({ type: 'tool-called'; tool: string; turn?: { text: string; calls: ToolCallAsked[] } } & Hold)
  | ({ type: 'tool-answered'; answer: ToolAnswer } & Hold)
  | ({
      type: 'task-succeeded';
      output: Json;
      artifacts: ArtifactRef[];
      usage: Usage | null;
      inputDigest: Digest | null;
      reused: boolean;
    } & Hold)
  /** `inputDigest` is that of what went in, as far as it was known when it failed. */
  | ({ type: 'task-failed'; error: Failure; usage: Usage | null; inputDigest?: Digest | null } & Hold)
  | { type: 'timer-fired'; timer: Timer }
  | { type: 'end-action-taken'; index: number; attempt: number; worker: WorkerId }
  | ({ type: 'end-action-succeeded'; output: Json } & EndActionHold)
  | ({ type: 'end-action-failed'; error: Failure } & EndActionHold);

export type RunEvent = RunVerb | RunReport;
export type VerbName = RunVerb['type'];

/** Something that a run waits for and that time brings. Durable: a row, never a sleeping worker. */
export type Timer =
  | { kind: 'retry'; task: TaskId; attempt: number; at: Instant }
  | { kind: 'deadline'; stage: StageId; round: number; at: Instant }
  | { kind: 'end-action-retry'; index: number; attempt: number; at: Instant };

/** What must be carried out after the facts of a decision are committed. All of it follows from the run's state. */
export type RunCommand =
  | { type: 'execute'; task: TaskId; attempt: number }
  | { type: 'abort'; task: TaskId; attempt: number }
  | { type: 'set-timer'; timer: Timer }
  | { type: 'execute-end-action'; index: number; attempt: number };
