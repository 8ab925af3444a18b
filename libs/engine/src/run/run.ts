import type {
  Actor,
  ArtifactRef,
  Digest,
  Failure,
  Instant,
  Json,
  JsonObject,
  ReviewComment,
  RunId,
  RunLock,
  RunState,
  StageId,
  StageState,
  TaskId,
  TaskState,
  Usage,
} from '../vocabulary.ts';

/** A run as the fold of its facts: plain data. `decide` reads it, `apply` makes the next one. */
export interface Run {
  id: RunId;
  title: string;
  /** Number of journal entries applied. */
  version: number;
  state: RunState;
  /** What `paused` goes back to is derived from the stages; this says why it was paused. */
  pausedFor: 'asked' | 'budget' | null;
  inputs: JsonObject;
  lock: RunLock;
  createdBy: Actor;
  createdAt: Instant;
  startedAt: Instant | null;
  endedAt: Instant | null;
  stages: Record<StageId, StageRun>;
  outputs: JsonObject | null;
  error: Failure | null;
  spent: Usage;
  /** The template's budget, or what a person raised it to. */
  budgetUsd: number | null;
  endActions: EndActionRun[];
}

export interface StageRun {
  id: StageId;
  state: StageState;
  round: number;
  tasks: TaskRun[];
  /** Items of `forEach`; null for a single task. */
  items: Json[] | null;
  /** Of the last completed round: one task's output, or the list in item order. Null while pending and when skipped. */
  output: Json;
  error: Failure | null;
  startedAt: Instant | null;
  endedAt: Instant | null;
  approval: ApprovalRun | null;
  /** What reviewers asked for, oldest first; the last entry is the feedback for the present round. */
  changes: Array<{ round: number; actor: Actor; comments: ReviewComment[]; tasks: TaskId[] }>;
}

export interface TaskRun {
  id: TaskId;
  index: number;
  state: TaskState;
  attempt: number;
  /** Tries in the present round. */
  tries: number;
  output: Json;
  artifacts: ArtifactRef[];
  error: Failure | null;
  retryAt: Instant | null;
  /** The last output this task gave, whatever came after: `previous` in the prompt of the next round. */
  last: { attempt: number; output: Json; artifacts: ArtifactRef[]; inputDigest: Digest | null } | null;
}

export interface ApprovalRun {
  round: number;
  requestedAt: Instant;
  deadline: Instant | null;
  escalated: boolean;
  given: Array<{ actor: Actor; at: Instant; comment: string | null }>;
}

export interface EndActionRun {
  uses: string;
  state: 'pending' | 'processing' | 'done' | 'failed' | 'skipped';
  attempt: number;
  error: Failure | null;
  retryAt: Instant | null;
}
