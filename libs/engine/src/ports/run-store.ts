import type { Timer } from '../run/event.ts';
import type { JournalEntry } from '../run/fact.ts';
import type {
  Failure,
  Instant,
  Json,
  RunId,
  RunState,
  StageId,
  TaskId,
  Usage,
  WorkerId,
} from '../vocabulary.ts';

/**
 * Where runs live. The journal is the truth: a run is the fold of its entries. Left out on purpose: locks over a whole
 * run (the version is the fence), and lists for people (a host reads those from its own tables).
 */
export interface RunStore {
  /** Writes the first entry of a new run. False when a run with this id is there already. */
  create(workspace: string, id: RunId, write: RunCreation): Promise<boolean>;
  /**
   * Writes the next entry, all of `write` or nothing. `stale` when an entry of that version is there already, or the one
   * before it is not: the caller lost a race and must load again.
   */
  append(id: RunId, write: RunWrite): Promise<'committed' | 'stale'>;
  /** All entries in order; undefined when there is no such run. */
  load(id: RunId): Promise<StoredRun | undefined>;
  /**
   * Open runs that no living worker answers for, at most `limit`: `worker` answers for them from now on. Of two
   * workers that claim at once, each run goes to one.
   */
  claimOpenRuns(worker: WorkerId, limit: number): Promise<RunId[]>;
  /** Open runs that `worker` answers for, by id, after `after`. At most `limit`. */
  heldRuns(worker: WorkerId, limit: number, after?: RunId): Promise<RunId[]>;
  /** Those of the runs that have an entry after the version named. */
  movedRuns(runs: Array<{ id: RunId; version: number }>): Promise<RunId[]>;
  /** Runs with a timer that is due at `now`, earliest first. At most `limit`. */
  dueRuns(now: Instant, limit: number): Promise<RunId[]>;
  /** When the earliest timer is due; null when there is none. */
  nextDue(): Promise<Instant | null>;
}

export interface RunWrite {
  entry: JournalEntry;
  /** Where the run stands after the entry. */
  standing: RunStanding;
  /** What lists find the run by. Replaces what was there before; absent when nothing of it changed. */
  header?: RunHeader;
  /**
   * Everything the run now waits for, and whose outcome is in doubt. Replaces what it waited for before; absent when
   * nothing of it changed.
   */
  waits?: RunWait[];
  /**
   * What the facts do not tell of the attempts that they end: one for each `endsAttempt` fact of the entry, in their
   * order; null where nothing more is known. Written once, with the entry, and never needed to go on with the run.
   */
  notes: Array<AttemptNote | null>;
}

/** A first entry has a header. */
export type RunCreation = RunWrite & { header: RunHeader };

/** What changes with nearly every entry, and so lies beside the entry: the last one says where the run stands now. */
export interface RunStanding {
  state: RunState;
  /** 0..100 */
  progress: number;
  spent: Usage;
}

/** What lists find a run by. It changes a few times in the life of a run, not with every stage. */
export interface RunHeader {
  template: string;
  /** Content digest of the revision. */
  revision: string;
  title: string;
  state: RunState;
  /** There is work that a process must carry out now, without waiting for a person or a timer. */
  open: boolean;
  /** Who answers for that work being carried out; null while nobody does, and when there is none. */
  holder: WorkerId | null;
  startedAt: Instant | null;
  endedAt: Instant | null;
}

export type RunWait =
  | { kind: 'approval'; stage: StageId; round: number; deadline: Instant | null; approvers: string[] }
  | { kind: 'input'; stage: StageId; task: TaskId; assignees: string[] }
  /** Nobody knows whether the try had its effect. Of an end action, `stage` and `task` are `end-action:<index>`. */
  | { kind: 'review'; stage: StageId; task: TaskId; attempt: number; code: string; message: string }
  | { kind: 'advance'; stage: StageId }
  | { kind: 'budget'; usd: number; spent: number }
  | { kind: 'timer'; timer: Timer };

export interface StoredRun {
  id: RunId;
  workspace: string;
  entries: JournalEntry[];
}

/** What the journal's facts do not tell of an attempt that has ended. Fields that say nothing are absent. */
export interface AttemptNote {
  /** Milliseconds before the entry of its end. Default 0, as of `ended`. */
  began?: number;
  ended?: number;
  provider?: string;
  model?: string;
  sent?: Json;
  raw?: string;
  toolCalls?: ToolCallRecord[];
  log?: AttemptRecord['log'];
  /** Of a try that was called off: its fact does not say. */
  usage?: Usage;
}

/** One try at a task, as people look at it: what was sent, what came back. */
export interface AttemptRecord {
  task: TaskId;
  stage: StageId;
  round: number;
  attempt: number;
  state: 'processing' | 'done' | 'failed' | 'cancelled';
  startedAt: Instant;
  endedAt: Instant | null;
  provider: string | null;
  model: string | null;
  /** What was sent: `{system, prompt}` of an ai stage, `{with}` of an action. */
  sent: Json;
  output: Json;
  /** The raw text of the model, kept when it did not satisfy the contract. */
  raw: string | null;
  toolCalls: ToolCallRecord[];
  usage: Usage | null;
  error: Failure | null;
  log: Array<{ at: Instant; level: string; message: string }>;
}

export interface ToolCallRecord {
  id: string;
  action: string;
  input: Json;
  output: Json;
  error: Failure | null;
}
