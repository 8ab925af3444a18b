/**
 * The words of Stagewright, each once. Everything else in the engine uses them strictly.
 *
 * A *template* is compiled to a *plan*; a *run* executes one plan. A run is a fold over *facts* (what happened);
 * *events* (what someone asks, what execution reports) are decided into new facts and *commands* (what to carry out).
 */

/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A JSON Schema 2020-12 document. */
export type JsonSchema = { [key: string]: Json };

/** A sha256 in lower-case hex, of canonical bytes. */
export type Digest = string;
/** An instant, ISO 8601 in UTC with milliseconds: `2026-11-21T09:30:00.000Z`. */
export type Instant = string;
export type RunId = string;
export type ArtifactId = string;
/** Id of a process that carries out work, for as long as its lease holds. Never given twice. */
export type WorkerId = string;
/** Id of a stage in its template: `^[a-z][a-z0-9_-]{0,63}$`. */
export type StageId = string;
/** Id of a task in its run: the stage's id, or `<stage>/<index>` for an item of `forEach` (0-based). */
export type TaskId = string;

export type StageMode = 'ai' | 'manual' | 'system' | 'cli_loop';

export type RunState =
  'draft' | 'running' | 'approval_pending' | 'input_pending' | 'paused' | 'done' | 'failed' | 'cancelled';

/** A stage waits for its needs (`pending`), works, waits for people, or has ended. `ready` waits for "next stage". */
export type StageState =
  | 'pending'
  | 'ready'
  | 'running'
  | 'approval_pending'
  | 'input_pending'
  | 'done'
  | 'failed'
  | 'skipped'
  | 'cancelled';

export type TaskState = 'pending' | 'queued' | 'processing' | 'done' | 'failed' | 'skipped' | 'cancelled';

/** Who does something: a person, an API client, a schedule, or the system itself. */
export interface Actor {
  kind: 'user' | 'client' | 'schedule' | 'system';
  id: string;
  /** Roles held in the run's workspace, as `role:approver` without the prefix. */
  roles?: string[];
}

/** What a model call cost. Token counts as the provider reports them; `usd` is null when the price is unknown. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  usd: number | null;
}

/** A failure as it is kept and shown: never holds a secret. */
export interface Failure {
  /** Stable, `AREA_REASON`. */
  code: string;
  message: string;
  /** What the reader can do about it. */
  hint?: string;
  /** False when trying again cannot help. */
  retryable: boolean;
  /** Wait at least this long before the next try, in milliseconds. */
  retryAfterMs?: number;
  /** More facts for the reader, such as the raw text a model gave. Bounded by 64 KiB. */
  details?: JsonObject;
}

/** A reviewer's remark, optionally anchored to a task, a JSON path of its output, or a line of its text. */
export interface ReviewComment {
  body: string;
  task?: TaskId;
  /** RFC 6901 JSON pointer into the task's output: `/chapters/2/title`. */
  path?: string;
  /** 1-based line of the text at `path`. */
  line?: number;
}

/** A reference to stored bytes, as it appears in outputs. */
export interface ArtifactRef {
  artifact: ArtifactId;
  /** A label for people, a bare file name: never a path. */
  name: string;
  /** Artifact type of a plugin (`epub`), or `file`. */
  type: string;
  mediaType: string;
  /** Bytes. */
  size: number;
  /** sha256 of the bytes. */
  digest: Digest;
}

/** A template at one commit. Immutable. */
export interface Revision {
  template: string;
  version: string;
  /** Commit in the registry, 40 hex digits; `worktree` for uncommitted files. */
  commit: string;
  /** Digest of the template and of every prompt, schema and shared file it uses. */
  digest: Digest;
}

/** What a run froze at its start. */
export interface RunLock {
  revision: Revision;
  /** Registry path -> sha256, for every file that went into the plan. */
  files: Record<string, Digest>;
  /** Plugin name -> version, for every plugin whose action the plan calls. */
  plugins: Record<string, string>;
  /** Model alias of the template -> provider and model that it meant at the start. */
  models: Record<string, { provider: string; model: string }>;
  /** Whether the artifacts of this run hold placeholder text (offline provider). */
  placeholder: boolean;
}

/** What someone asks when creating a run. */
export interface RunRequest {
  template: string;
  /** Revision to run: a commit or a digest. Default: the one that the registry serves now. */
  revision?: string;
  title?: string;
  inputs: JsonObject;
}
