import type { Digest, Json, JsonObject, JsonSchema, StageId, StageMode } from '../vocabulary.ts';

/**
 * A compiled template: checked, every file resolved, plain data. It may be stored, hashed and sent between processes;
 * what is costly to build from it (CEL programs, validators) is cached by the part that needs it, keyed by the text.
 */
export interface Plan {
  name: string;
  title: string;
  description: string;
  /** Workflow type, such as `ebook`. */
  type: string;
  version: string;
  owners: string[];
  labels: Record<string, string>;
  /** Contract of the run's inputs, defaults included. */
  inputs: JsonSchema;
  budget: Budget | null;
  /** Scopes that stages may use. */
  permissions: string[];
  /** In file order; `needs` is complete (a stage without `needs` needs the one before it). */
  stages: PlannedStage[];
  outputs: Record<string, Value>;
  onComplete: EndAction[];
  /** Content digest: of the template and of every file below. */
  digest: Digest;
  /** Registry path -> sha256, every file that went in. */
  files: Record<string, Digest>;
}

export interface Budget {
  usd: number;
  onExceed: 'ask' | 'fail';
}

/**
 * A value of the template after parsing: a literal, one expression (keeps its type), text with expressions in it,
 * or a list or mapping of values.
 */
export type Value =
  | { kind: 'literal'; value: Json }
  | { kind: 'expression'; source: string }
  | { kind: 'text'; parts: Array<string | { source: string }> }
  | { kind: 'list'; items: Value[] }
  | { kind: 'map'; entries: Record<string, Value> };

export interface Retry {
  /** Tries in all, the first included. 1..10 */
  attempts: number;
  /** Wait before the second try, in milliseconds; doubles on each further try, with jitter. Default 1,000. */
  delayMs: number;
  /** Longest wait, in milliseconds. Default 60,000. */
  maxDelayMs: number;
}

/** The approval after a stage. */
export interface Gate {
  /**
   * `role:<name>` or `user:<id>`; those of CODEOWNERS by name. `codeowners` where the registry has no such file: the owners
   * of the template. Empty: any member may decide.
   */
  approvers: string[];
  /** Approvals needed. */
  quorum: number;
  /** Whether the person who started the run may approve. */
  selfApproval: boolean;
  deadlineMs: number | null;
  onDeadline: 'escalate' | 'approve' | 'fail' | null;
  /** Rounds of the stage in all, the first included; request-changes is refused on the last. */
  maxAttempts: number;
}

interface PlannedStageBase {
  id: StageId;
  name: string;
  description: string;
  mode: StageMode;
  /** 10, 20, 30 ... in file order. */
  sequence: number;
  needs: StageId[];
  /** CEL source; absent means always. */
  if: string | null;
  /** CEL expression that gives the list; null for a single task. */
  forEach: { source: string; as: string; concurrency: number } | null;
  retry: Retry;
  /** Longest time of one attempt, in milliseconds. */
  timeoutMs: number;
  approval: Gate | null;
  advance: 'auto' | 'manual';
  final: boolean;
  cache: boolean;
  permissions: string[];
  /** Contract of one task's output; null accepts any JSON. */
  output: JsonSchema | null;
}

/** A prompt with all its partials resolved: paths are registry paths. */
export interface PlannedPrompt {
  path: string;
  source: string;
  /** Partial name -> source. */
  partials: Record<string, string>;
}

export interface AiStage extends PlannedStageBase {
  mode: 'ai';
  prompt: PlannedPrompt;
  system: PlannedPrompt | null;
  /** Model aliases in order of preference. */
  models: string[];
  temperature: number | null;
  maxTokens: number | null;
  /** Action ids that the model may call. */
  tools: string[];
  /** 0..100 */
  maxToolCalls: number;
}

export interface ManualStage extends PlannedStageBase {
  mode: 'manual';
  /** JSON Schema of the form; equals `output`. */
  form: JsonSchema;
  assignees: string[];
  guidelines: string;
}

export interface SystemStage extends PlannedStageBase {
  mode: 'system';
  uses: string;
  with: Record<string, Value>;
}

export interface CliLoopStage extends PlannedStageBase {
  mode: 'cli_loop';
  command: string;
  args: Value[];
  /** A list of files, or an expression that gives one. */
  files: Value;
  /** CEL source over `result`, asked besides an exit code of 0; null asks for no more. */
  until: string | null;
  /** Runs of the command in all. 1..20 */
  maxIterations: number;
  /** Null: nothing mends the files but the command itself. */
  repair: PlannedPrompt | null;
  /** Model aliases for the repair, in order of preference. */
  models: string[];
  temperature: number | null;
  maxTokens: number | null;
}

export type PlannedStage = AiStage | ManualStage | SystemStage | CliLoopStage;

export interface EndAction {
  uses: string;
  if: string | null;
  with: Record<string, Value>;
}

/** The names an expression or a prompt can see, with their values. */
export interface Scope {
  inputs: JsonObject;
  /** By stage id: `{output, state}`; output is null for a skipped stage. */
  stages: Record<StageId, { output: Json; state: string }>;
  run: { id: string; title: string; template: string; version: string };
  /** Item of `forEach` under its `as` name, and its 0-based `index`. */
  item?: { as: string; value: Json; index: number };
  /** What the command of a `cli_loop` stage gave; in its `until` only. */
  result?: { exitCode: number; output: string };
}
