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
  WorkerId,
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
  /** Who started it; null for a draft. */
  startedBy: Actor | null;
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
  /** Where progress stood when the amount of work last changed, and how many tasks were left then. */
  progressMark: { fraction: number; left: number };
  /** Stages that an upgrade dropped: kept so that their rounds and attempts go on counting if they come back. */
  retired: Record<StageId, StageRun>;
}

export interface StageRun {
  id: StageId;
  state: StageState;
  round: number;
  /** Those of the present round in item order, then (`skipped`) those that only an earlier round had. */
  tasks: TaskRun[];
  tally: TaskTally;
  /** Items of `forEach`; null for a single task. */
  items: Json[] | null;
  /** Of the last completed round: one task's output, or the list in item order. Null while pending and when skipped. */
  output: Json;
  error: Failure | null;
  startedAt: Instant | null;
  endedAt: Instant | null;
  approval: ApprovalRun | null;
  /** What people approved of last: an upgrade that changes nothing of it need not ask them again. */
  signedOff: SignedOff | null;
  /** A rerun, or a request for changes, wants people to be asked again, also about what did not change. */
  asksAgain: boolean;
  /** What reviewers asked for, oldest first; the last entry is the feedback for the present round. */
  changes: Array<{ round: number; at: Instant; actor: Actor; comments: ReviewComment[]; tasks: TaskId[] }>;
}

/** The tasks of the present round, counted: so that no decision has to walk over all of them. */
export interface TaskTally {
  total: number;
  /** Not done. */
  left: number;
  /** `queued` or `processing`. */
  active: number;
  /** `pending` until a retry is due or a review is over; they keep their place under `concurrency`. */
  waiting: number;
  /** Of those that wait: tasks whose outcome a person has to say. */
  reviews: number;
  /** No task before this position is `pending` for the first time in this round. */
  next: number;
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
  /** Nobody knows whether its last try had its effect, and a person has to say. The task is `pending` until then. */
  review: Review | null;
  /** The last output this task gave, whatever came after: `previous` in the prompt of the next round. */
  last: LastOutput | null;
  work: TaskWork;
  /** What a model asked of tools in the present round, and what they said: whoever takes the task up goes on from there. */
  talk: ToolTurn[];
}

export interface Review {
  since: Instant;
  error: Failure;
  /** Of what went into the try: the key for reuse, should it turn out to have happened. */
  inputDigest: Digest | null;
}

export interface LastOutput {
  /** The task that gave it: another one when the list of items was put in another order since. */
  task: TaskId;
  attempt: number;
  /** Round in which it was given: remarks on an earlier round are taken up with it. */
  round: number;
  output: Json;
  artifacts: ArtifactRef[];
  inputDigest: Digest | null;
}

/** One answer of a model that asked for tools. */
export interface ToolTurn {
  text: string;
  calls: ToolCallAsked[];
  /** Calls that were begun, in order. */
  called: number;
  /** What the first of them gave, in order. */
  answers: ToolAnswer[];
}

/** A call as the model worded it. */
export interface ToolCallAsked {
  id: string;
  name: string;
  input: Json;
}

export interface ToolAnswer {
  /** What the model was told. */
  content: string;
  error: Failure | null;
  artifacts: ArtifactRef[];
}

/** What working on a task in the present round took so far, over all tries and processes. */
export interface TaskWork {
  /** Tools that models asked for. */
  toolCalls: number;
  /** Milliseconds of work that are known: up to the end of each try, or to the last sign of life before it was cut off. */
  ms: number;
  /** The last sign of life of the try that is under way; null when none is. */
  since: Instant | null;
  /** How often in a row the work on it was cut off by the end of its process. */
  interruptions: number;
  /** Who works on it; null when nobody does. */
  worker: WorkerId | null;
  /** Goes up whenever somebody takes it or gives it back: what comes under an older one is late. */
  fence: number;
}

export interface ApprovalRun {
  round: number;
  requestedAt: Instant;
  deadline: Instant | null;
  escalated: boolean;
  given: Array<{ actor: Actor; at: Instant; comment: string | null }>;
}

export interface SignedOff {
  round: number;
  /** Of what they approved. */
  output: Digest;
  /** Of who had to approve. */
  gate: Digest;
  given: ApprovalRun['given'];
}

export interface EndActionRun {
  uses: string;
  /** `processing` without a worker waits for one. */
  state: 'pending' | 'processing' | 'done' | 'failed' | 'skipped';
  /** Nobody knows whether it had its effect, and a person has to say. It is `pending` until then. */
  review: Review | null;
  attempt: number;
  /** Tries since the run last completed. */
  tries: number;
  worker: WorkerId | null;
  /** As of a task's work. */
  fence: number;
  error: Failure | null;
  retryAt: Instant | null;
}
