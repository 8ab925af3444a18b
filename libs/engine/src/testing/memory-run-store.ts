import { attemptRecord, attemptsIn } from '../execution/attempts.ts';
import type {
  AttemptRecord,
  RunCreation,
  RunHeader,
  RunStanding,
  RunStore,
  RunWait,
  RunWrite,
  StoredRun,
} from '../ports/run-store.ts';
import type { JournalEntry } from '../run/fact.ts';
import type { Instant, RunId, WorkerId } from '../vocabulary.ts';

interface Row {
  workspace: string;
  entries: JournalEntry[];
  standing: RunStanding;
  header: RunHeader;
  waits: RunWait[];
  /** Of each entry. */
  notes: Array<RunWrite['notes']>;
}

/**
 * Runs in a map. Everything is copied on the way in and out, so that what a caller changes later changes nothing here,
 * exactly as with a database.
 */
export class MemoryRunStore implements RunStore {
  readonly #rows = new Map<RunId, Row>();
  readonly #isGone: (holder: WorkerId, asks: WorkerId) => boolean;

  /** Which holders are gone. Default: everybody but who asks, as for the one process on its store. */
  constructor(isGone: (holder: WorkerId, asks: WorkerId) => boolean = (holder, asks) => holder !== asks) {
    this.#isGone = isGone;
  }

  create(workspace: string, id: RunId, write: RunCreation): Promise<boolean> {
    if (this.#rows.has(id)) return Promise.resolve(false);
    const { standing, header } = write;
    const row: Row = { workspace, entries: [], standing, header, waits: [], notes: [] };
    this.#rows.set(id, row);
    put(row, write);
    return Promise.resolve(true);
  }

  append(id: RunId, write: RunWrite): Promise<'committed' | 'stale'> {
    const row = this.#rows.get(id);
    if (row === undefined || write.entry.version !== row.entries.length + 1) return Promise.resolve('stale');
    put(row, write);
    return Promise.resolve('committed');
  }

  load(id: RunId): Promise<StoredRun | undefined> {
    const row = this.#rows.get(id);
    if (row === undefined) return Promise.resolve(undefined);
    return Promise.resolve({ id, workspace: row.workspace, entries: structuredClone(row.entries) });
  }

  claimOpenRuns(worker: WorkerId, limit: number): Promise<RunId[]> {
    const claimed = this.#open(({ holder }) => holder === null || this.#isGone(holder, worker)).slice(
      0,
      limit,
    );
    for (const id of claimed) this.#rows.get(id)!.header.holder = worker;
    return Promise.resolve(claimed);
  }

  heldRuns(worker: WorkerId, limit: number, after?: RunId): Promise<RunId[]> {
    const held = this.#open(({ holder }) => holder === worker);
    return Promise.resolve(held.filter((id) => after === undefined || id > after).slice(0, limit));
  }

  movedRuns(runs: Array<{ id: RunId; version: number }>): Promise<RunId[]> {
    return Promise.resolve(runs.filter(({ id, version }) => this.version(id) > version).map(({ id }) => id));
  }

  #open(which: (header: RunHeader) => boolean): RunId[] {
    return [...this.#rows]
      .filter(([, { header }]) => header.open && which(header))
      .map(([id]) => id)
      .sort();
  }

  dueRuns(now: Instant, limit: number): Promise<RunId[]> {
    const due = [...this.#rows]
      .map(([id, row]) => ({ id, at: earliest(row) }))
      .filter((entry): entry is { id: RunId; at: Instant } => entry.at !== null && entry.at <= now)
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1));
    return Promise.resolve(due.slice(0, limit).map((entry) => entry.id));
  }

  nextDue(): Promise<Instant | null> {
    const times = [...this.#rows.values()].map(earliest).filter((at): at is Instant => at !== null);
    return Promise.resolve(times.sort()[0] ?? null);
  }

  /** The attempts of a run, by task and attempt. */
  attempts(id: RunId): AttemptRecord[] {
    const { entries, notes } = this.#rows.get(id) ?? { entries: [], notes: [] };
    const records = attemptsIn(entries).map((story) => {
      const { version, position } = story.note ?? { version: 0, position: 0 };
      return attemptRecord(story, notes[version - 1]?.[position] ?? null);
    });
    return structuredClone(
      records.sort((a, b) => (a.task === b.task ? a.attempt - b.attempt : a.task < b.task ? -1 : 1)),
    );
  }

  /** What lists show of a run; undefined when there is no such run. */
  header(id: RunId): (RunHeader & RunStanding) | undefined {
    const row = this.#rows.get(id);
    return row === undefined ? undefined : structuredClone({ ...row.header, ...row.standing });
  }

  /** Entries of a run; 0 when there is no such run. */
  version(id: RunId): number {
    return this.#rows.get(id)?.entries.length ?? 0;
  }

  /** What a run waits for, as it was last written. */
  waits(id: RunId): RunWait[] {
    return structuredClone(this.#rows.get(id)?.waits ?? []);
  }
}

function put(row: Row, write: RunWrite): void {
  const copy = structuredClone(write);
  row.entries.push(copy.entry);
  row.notes.push(copy.notes);
  row.standing = copy.standing;
  if (copy.header !== undefined) row.header = copy.header;
  if (copy.waits !== undefined) row.waits = copy.waits;
}

function earliest(row: Row): Instant | null {
  const times = row.waits.flatMap((wait) => (wait.kind === 'timer' ? [wait.timer.at] : []));
  return times.sort()[0] ?? null;
}
