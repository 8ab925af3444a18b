import type {
  Actor,
  ArtifactRef,
  Failure,
  Instant,
  Json,
  JsonObject,
  ReviewComment,
  Revision,
  RunId,
  RunState,
  StageId,
  StageMode,
  StageState,
  TaskId,
  TaskState,
  Usage,
} from '../vocabulary.ts';
import type { RunWait } from '../ports/run-store.ts';

/** A run as API clients, the CLI and the editor see it. */
export interface RunView {
  id: RunId;
  title: string;
  template: string;
  revision: Revision;
  state: RunState;
  /** 0..100 */
  progress: number;
  /** Journal entries so far: changes with every change of the run. */
  version: number;
  inputs: JsonObject;
  outputs: JsonObject | null;
  error: Failure | null;
  spent: Usage;
  budgetUsd: number | null;
  /** The text in the artifacts is a placeholder (offline provider). */
  placeholder: boolean;
  createdBy: Actor;
  createdAt: Instant;
  startedAt: Instant | null;
  endedAt: Instant | null;
  stages: StageView[];
  artifacts: ArtifactRef[];
  /** What it waits for, in stage order. */
  waitingFor: RunWait[];
}

export interface StageView {
  id: StageId;
  name: string;
  mode: StageMode;
  sequence: number;
  state: StageState;
  round: number;
  tasks: TaskView[];
  output: Json;
  error: Failure | null;
  approval: ApprovalView | null;
  changes: Array<{ round: number; actor: Actor; comments: ReviewComment[] }>;
  startedAt: Instant | null;
  endedAt: Instant | null;
}

export interface TaskView {
  id: TaskId;
  index: number;
  state: TaskState;
  attempt: number;
  error: Failure | null;
  retryAt: Instant | null;
  artifacts: ArtifactRef[];
}

export interface ApprovalView {
  round: number;
  approvers: string[];
  quorum: number;
  deadline: Instant | null;
  escalated: boolean;
  given: Array<{ actor: Actor; at: Instant; comment: string | null }>;
}
