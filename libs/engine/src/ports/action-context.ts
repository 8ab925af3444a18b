import type {
  ArtifactId,
  ArtifactRef,
  Instant,
  Json,
  JsonObject,
  RunId,
  StageId,
  TaskId,
} from '../vocabulary.ts';

/** What an action may reach: everything outside itself comes through here. */
export interface ActionContext {
  readonly run: { id: RunId; title: string; template: string; version: string; revision: string };
  readonly stage: StageId;
  readonly task: TaskId;
  /** Tries of this task so far, this one included. */
  readonly attempt: number;
  /** Stable over retries and crashes of this task in this round: hand it to every receiver that takes one. */
  readonly idempotencyKey: string;
  /** The one date of the run: use it instead of the clock wherever a date goes into a file. */
  readonly sourceDate: Instant;
  /** The run was made on the offline provider: say in the file's metadata that the text is a placeholder. */
  readonly placeholder: boolean;
  /** Aborts when the attempt times out or the run is cancelled. */
  readonly signal: AbortSignal;
  readonly artifacts: ActionArtifacts;
  /** A file that the plugin declared in `assets`. */
  asset(name: string): Promise<Uint8Array>;
  /** A line in the attempt's log. Never put secrets or whole documents here. */
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, data?: JsonObject): void;
  /** Starts another workflow; present only for actions that hold the scope `runs:start`. */
  startRun?(template: string, inputs: JsonObject): Promise<{ id: RunId }>;
  /** The one way out to the network; present only for actions that hold an `http:` scope. */
  fetch?(request: EgressRequest): Promise<EgressResponse>;
}

export interface ActionArtifacts {
  /** Throws `ARTIFACT_NOT_FOUND` when the id is unknown or belongs to another workspace. */
  read(id: ArtifactId): Promise<{ ref: ArtifactRef; content: Uint8Array }>;
  /** The same name written twice by one attempt is refused with `ARTIFACT_NAME_TAKEN`. */
  write(file: NewArtifact): Promise<ArtifactRef>;
}

export interface NewArtifact {
  /** Bare file name: `book.epub`. */
  name: string;
  /** An artifact type of the plugin, or `file`. */
  type: string;
  mediaType: string;
  content: Uint8Array;
}

export interface EgressRequest {
  url: string;
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Milliseconds in all. Default 15,000, at most 30,000. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface EgressResponse {
  status: number;
  headers: Record<string, string>;
  /** At most 10 MiB; more is refused with `UPSTREAM_LIMIT`. */
  body: Uint8Array;
  json(): Json;
}
