import type {
  ArtifactId,
  ArtifactRef,
  Instant,
  JsonSchema,
  RunFact,
  RunId,
  RunRequest,
  RunState,
  RunVerb,
  RunView,
} from '@stagewright/engine';
import type { RunOnRecord } from '@stagewright/engine/testing';
import type { Upload } from '../inputs/given-inputs.ts';

/** A verb as the command line asks it: the host knows who is asking. */
export type VerbRequest = RunVerb extends infer Verb
  ? Verb extends RunVerb
    ? Omit<Verb, 'actor'>
    : never
  : never;

/** One thing that happened to a run, with the run's state after it. */
export interface LiveEvent {
  at: Instant;
  fact: RunFact;
  state: RunState;
  progress: number;
}

/** A template that runs can be made of. */
export interface TemplateSummary {
  name: string;
  title: string;
  description: string;
}

/** Where runs run: in this process, or on a server. Commands do not care which. */
export interface RunHost {
  /** By name. */
  templates(): Promise<TemplateSummary[]>;
  /** Throws `TEMPLATE_NOT_FOUND`. */
  inputsOf(template: string, revision?: string): Promise<JsonSchema>;
  upload(file: Upload): Promise<ArtifactRef>;
  create(request: RunRequest): Promise<RunView>;
  get(id: RunId): Promise<RunView>;
  send(id: RunId, verb: VerbRequest): Promise<RunView>;
  /** Everything that happened from the start, then live, until the run has ended or `signal` aborts. */
  follow(id: RunId, signal: AbortSignal): AsyncIterable<LiveEvent>;
  /** The run with all that happened to it. */
  record(id: RunId): Promise<RunOnRecord>;
  download(id: ArtifactId): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** States in which nothing more happens by itself. */
export const ENDED: ReadonlySet<RunState> = new Set(['done', 'failed', 'cancelled']);
/** States in which a person is asked. */
export const WAITING: ReadonlySet<RunState> = new Set([
  'approval_pending',
  'input_pending',
  'paused',
  'draft',
]);
