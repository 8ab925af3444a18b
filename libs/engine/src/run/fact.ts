import type {
  Actor,
  ArtifactRef,
  Digest,
  Failure,
  Instant,
  Json,
  JsonObject,
  ReviewComment,
  RunLock,
  StageId,
  TaskId,
  Usage,
  WorkerId,
} from '../vocabulary.ts';
import type { ToolAnswer, ToolCallAsked } from './run.ts';

/** Which round of a stage, and which try of a task, a fact is about. Both 1-based. */
interface StageFact {
  stage: StageId;
  /** Round of the stage: 1, and one more after each request-changes, retry, rerun or upgrade. */
  round: number;
}
interface TaskFact extends StageFact {
  task: TaskId;
  /** Tries of the task over all rounds. */
  attempt: number;
}

/** What a person found out: it happened, it did not and is to be done again, or it is given up. */
export type ReviewOutcome = 'done' | 'repeat' | 'fail';

/** What the fold must know of the plan, so that a run can be folded from its facts alone. */
export interface RunOutline {
  /** In file order. */
  stages: StageId[];
  budgetUsd: number | null;
  /** `uses` of each end action, in order. */
  endActions: string[];
}

/**
 * What happened to a run: past tense, never changed, in order. A run is the fold over its facts, and people read the
 * same facts as live events.
 */
export type RunFact =
  | {
      type: 'run.created';
      title: string;
      inputs: JsonObject;
      lock: RunLock;
      actor: Actor;
      outline: RunOutline;
    }
  | { type: 'run.started'; actor: Actor }
  | { type: 'run.paused'; actor: Actor; reason: 'asked' | 'budget' }
  /** `budgetUsd` is present when this raised the budget. */
  | { type: 'run.resumed'; actor: Actor; budgetUsd?: number }
  | { type: 'run.upgraded'; lock: RunLock; actor: Actor; outline: RunOutline }
  | { type: 'run.completed'; outputs: JsonObject }
  | { type: 'run.failed'; error: Failure; stage: StageId | null }
  | { type: 'run.cancelled'; actor: Actor; reason: string }
  /** The stage may start but waits for "next stage". */
  | ({ type: 'stage.ready' } & StageFact)
  /** Somebody asked for the stage that was ready. */
  | ({ type: 'stage.advanced'; actor: Actor } & StageFact)
  /** `items` is null for a single task, else the items of `forEach` in order. */
  | ({ type: 'stage.started'; items: Json[] | null } & StageFact)
  | ({ type: 'stage.completed'; output: Json } & StageFact)
  | { type: 'stage.skipped'; stage: StageId }
  | ({ type: 'stage.failed'; error: Failure } & StageFact)
  | { type: 'stage.cancelled'; stage: StageId }
  /** The stage goes back to `pending` for another round, `round`; its attempts are kept. */
  | ({ type: 'stage.reset'; reason: 'retry' | 'rerun' | 'upgrade'; actor: Actor } & StageFact)
  | ({ type: 'task.queued' } & TaskFact)
  | ({ type: 'task.started'; worker: WorkerId } & TaskFact)
  | ({
      type: 'task.completed';
      output: Json;
      artifacts: ArtifactRef[];
      usage: Usage | null;
      /** Digest of everything that went in; the key for reuse on rerun and upgrade. */
      inputDigest: Digest | null;
      /** The output is that of an earlier attempt with the same input digest. */
      reused: boolean;
    } & TaskFact)
  /** `retryAt` is null when the task has used its tries or the error does not allow one. */
  | ({ type: 'task.failed'; error: Failure; usage: Usage | null; retryAt: Instant | null } & TaskFact)
  | ({ type: 'task.cancelled' } & TaskFact)
  /** The worker that had it is gone; `worker` takes up the same attempt. */
  | ({ type: 'task.interrupted'; worker: WorkerId } & TaskFact)
  /** The worker that had it gives it back before it stops: the same attempt waits for another worker. */
  | ({ type: 'task.released' } & TaskFact)
  /** Nobody knows whether the try had its effect, and repeating it may have it twice: a person has to say. */
  | ({ type: 'review.requested'; error: Failure; usage: Usage | null; inputDigest: Digest | null } & TaskFact)
  | ({ type: 'review.resolved'; actor: Actor; outcome: ReviewOutcome; comment: string | null } & TaskFact)
  /** A model asked for a tool, listed or not: written before the call is made. */
  | ({
      type: 'tool.called';
      tool: string;
      /** With the first call of an answer: the whole answer, so that the talk can go on from here. */
      turn?: { text: string; calls: ToolCallAsked[] };
    } & TaskFact)
  /** What the call gave; the model is told so, and need not ask again should the process die. */
  | ({ type: 'tool.answered'; answer: ToolAnswer } & TaskFact)
  | ({ type: 'approval.requested'; deadline: Instant | null } & StageFact)
  | ({ type: 'approval.given'; actor: Actor; comment: string | null } & StageFact)
  | ({ type: 'approval.escalated' } & StageFact)
  /** Quorum reached, or the deadline approved it. `signed` is what people approved of, and by which rules. */
  | ({
      type: 'approval.completed';
      by: 'quorum' | 'deadline';
      signed?: { output: Digest; gate: Digest };
    } & StageFact)
  /** Nothing has changed since people approved round `from`: their approval stands. */
  | ({ type: 'approval.kept'; from: number } & StageFact)
  /** About round `round`; the next round of the stage begins with it. `tasks` are made again. */
  | ({ type: 'changes.requested'; actor: Actor; comments: ReviewComment[]; tasks: TaskId[] } & StageFact)
  | ({ type: 'input.requested'; task: TaskId } & StageFact)
  | ({ type: 'input.submitted'; task: TaskId; actor: Actor } & StageFact)
  /** Nothing has changed since attempt `from` was filled in: the answer stands. */
  | ({ type: 'input.kept'; from: number } & TaskFact)
  | { type: 'budget.exceeded'; usd: number; spent: number }
  | { type: 'end-action.started'; index: number; uses: string; attempt: number }
  /** A worker has it; again when the worker before it is gone. */
  | { type: 'end-action.taken'; index: number; attempt: number; worker: WorkerId }
  | { type: 'end-action.doubted'; index: number; attempt: number; error: Failure }
  | {
      type: 'end-action.resolved';
      index: number;
      attempt: number;
      actor: Actor;
      outcome: ReviewOutcome;
      comment: string | null;
    }
  /** Its `if` was false. */
  | { type: 'end-action.skipped'; index: number }
  | { type: 'end-action.completed'; index: number; output: Json }
  | { type: 'end-action.failed'; index: number; error: Failure; retryAt: Instant | null };

/** One entry of the journal: the facts of one decision, written in one statement. */
export interface JournalEntry {
  /** Version of the run after this entry: 1, 2, 3 ... The primary key with the run's id, and so the fence. */
  version: number;
  at: Instant;
  facts: RunFact[];
}
