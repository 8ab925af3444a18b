import { Batch, workOf } from './batch.ts';
import { laneOf } from './assignment.ts';
import { engineClosed, runContended, runNotFound, storeUnavailable } from './execution.errors.ts';
import { sameJson } from './bounds.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import { header, outstanding, progress, replay, view, waits } from '../run/index.ts';
import type { BatchSurroundings } from './batch.ts';
import type { Held } from './assignment.ts';
import type { CreateLetter, Letter, ReportLetter } from './letters.ts';
import type { PlanCache } from './plan-cache.ts';
import type { WorkDesk } from './work-desk.ts';
import type { EngineLog } from './ports.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore, RunWrite } from '../ports/run-store.ts';
import type { RunCommand } from '../run/event.ts';
import type { JournalEntry } from '../run/fact.ts';
import type { Plan } from '../template/plan.ts';
import type { Digest, Instant, RunId, RunState } from '../vocabulary.ts';

/** A committed entry, as listeners get it. */
export interface EngineEntry {
  workspace: string;
  run: RunId;
  entry: JournalEntry;
  state: RunState;
  /** 0..100 */
  progress: number;
}

/** What a keeper works with. */
export interface KeeperHost {
  store: RunStore;
  clock: Clock;
  log: EngineLog;
  plans: PlanCache;
  desk: WorkDesk;
  committed(entry: EngineEntry): void;
  timerSet(at: Instant): void;
  /** The mailbox is empty. */
  idle(keeper: RunKeeper): void;
}

/** Letters decided in one entry at most: bounds the size of an entry, not the work. */
const BATCH_LETTERS = 256;
/** Lost races in a row after which callers are told to come back. */
const LOST_RACES = 25;
const REPORT_FIRST_WAIT_MS = 100;
const REPORT_LONGEST_WAIT_MS = 30_000;
/** With the waits above, about eight minutes. After that, recovery makes the task again. */
const REPORT_FAILURES = 20;

/**
 * The mailbox of one run. Letters are decided one after another on the run in memory, written as one journal entry, and
 * only then answered and carried out. One write is under way at most, and nothing is read while the run is in memory.
 */
export class RunKeeper {
  readonly id: RunId;
  readonly #host: KeeperHost;
  #inbox: Letter[] = [];
  #held: Held | null = null;
  #busy = false;
  /** Reports that wait for the store to come back. */
  #delayed = 0;
  #closed = false;

  constructor(id: RunId, host: KeeperHost) {
    this.id = id;
    this.#host = host;
  }

  post(letter: Letter): void {
    if (this.#closed) return letter.reject(engineClosed());
    this.#inbox.push(letter);
    if (!this.#busy) void this.#work();
  }

  /** Nothing is lost when this keeper is forgotten. */
  get atRest(): boolean {
    return !this.#busy && this.#inbox.length === 0 && this.#delayed === 0;
  }

  /** The run has work that some process must carry out now. */
  get open(): boolean {
    const held = this.#held;
    return held !== null && outstanding(held.plan, held.run).some((command) => workOf(command) !== null);
  }

  /** Takes no more letters. Reports that wait for the store are left to recovery. */
  close(): void {
    this.#closed = true;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#inbox.length > 0) {
      const first = this.#inbox[0];
      if (first?.kind === 'create') {
        this.#inbox.shift();
        await this.#create(first);
      } else {
        await this.#turn(this.#takeBatch());
      }
    }
    this.#busy = false;
    this.#host.idle(this);
  }

  #takeBatch(): Array<Exclude<Letter, CreateLetter>> {
    const batch: Array<Exclude<Letter, CreateLetter>> = [];
    while (batch.length < BATCH_LETTERS) {
      const next = this.#inbox[0];
      if (next === undefined || next.kind === 'create') break;
      batch.push(next);
      this.#inbox.shift();
    }
    return batch;
  }

  async #turn(letters: Array<Exclude<Letter, CreateLetter>>): Promise<void> {
    try {
      if (
        letters.some((letter) => letter.kind === 'read' && letter.present) &&
        !this.#host.desk.busyWith(this.id)
      ) {
        this.#held = null;
      }
      let fresh = this.#held === null;
      for (let lost = 0; lost < LOST_RACES; lost += 1) {
        this.#held ??= await this.#load();
        const held = this.#held;
        if (held === null) return refuse(letters, runNotFound(this.id));
        const batch = await this.#decide(held, letters);
        // A refusal must rest on the present state, and another process may have moved the run on.
        const doubtful =
          !fresh && [...batch.replies.values()].some((reply) => reply !== 'done' && 'refused' in reply);
        if (!doubtful && (await this.#commit(batch, held))) return;
        if (doubtful) batch.abandon();
        this.#held = null;
        fresh = true;
        if (!doubtful) for (const letter of letters) if (letter.kind === 'start') letter.lost = true;
      }
      refuse(letters, runContended(this.id));
    } catch (error) {
      this.#held = null;
      this.#storeFailed(letters, error);
    }
  }

  async #decide(held: Held, letters: Array<Exclude<Letter, CreateLetter>>): Promise<Batch> {
    const plans = new Map<Digest, Plan>();
    for (const letter of letters) {
      if (letter.kind !== 'verb' || letter.verb.type !== 'upgrade') continue;
      const { digest } = letter.verb.lock.revision;
      plans.set(digest, await this.#host.plans.byDigest(digest));
    }
    const batch = new Batch(held, this.#surroundings(plans));
    for (const letter of letters) {
      if (letter.kind === 'verb' && letter.workspace !== held.workspace) {
        batch.replies.set(letter, { refused: runNotFound(this.id) });
      } else {
        batch.add(letter);
      }
    }
    batch.beginHere();
    return batch;
  }

  #surroundings(plans: ReadonlyMap<Digest, Plan>): BatchSurroundings {
    const { desk, clock } = this.#host;
    return {
      now: clock.now(),
      plans,
      reserve: (plan, work) => desk.tryReserve(laneOf(plan, work)),
      isUnderWay: (work, attempt) => desk.isUnderWay(this.id, work, attempt),
      recordOf: (task, attempt) => desk.recordOf(this.id, task, attempt),
    };
  }

  /** Writes, answers and carries out. False when the race was lost; throws when the store failed. */
  async #commit(batch: Batch, held: Held): Promise<boolean> {
    if (batch.facts.length === 0) {
      this.#answer(batch, held);
      this.#carryOut(batch, held);
      return true;
    }
    const { write, next } = this.#writeOf(batch, held, held.run.version + 1);
    try {
      const outcome = await this.#writeSurely(write, () => this.#host.store.append(this.id, write));
      if (outcome === 'stale') {
        batch.abandon();
        return false;
      }
    } catch (error) {
      batch.abandon();
      throw error;
    }
    this.#committed(batch, next, write);
    return true;
  }

  async #create(letter: CreateLetter): Promise<void> {
    const { workspace, plan, decision, start } = letter;
    const batch = new Batch({ workspace, plan, run: decision.run }, this.#surroundings(new Map()));
    try {
      batch.adopt(plan, decision.run, decision.facts);
      batch.commands.push(...decision.commands);
      if (start !== null) batch.apply({ type: 'start', actor: start });
      batch.beginHere();
      const { write, next } = this.#writeOf(batch, { workspace, plan, run: decision.run, waits: '[]' }, 1);
      const outcome = await this.#writeSurely(write, async () =>
        (await this.#host.store.create(workspace, this.id, write)) ? 'committed' : 'stale',
      );
      if (outcome === 'stale') batch.abandon();
      else this.#committed(batch, next, write);
      letter.resolve(outcome === 'committed' ? view(next.plan, next.run) : null);
    } catch (error) {
      batch.abandon();
      this.#held = null;
      this.#storeFailed([letter], error);
    }
  }

  #writeOf(batch: Batch, held: Held, version: number): { write: RunWrite; next: Held } {
    const { plan } = batch;
    const run = { ...batch.run, version };
    const waiting = waits(plan, run);
    const key = JSON.stringify(waiting);
    const write: RunWrite = {
      entry: { version, at: batch.at, facts: batch.facts },
      header: header(plan, run),
      attempts: batch.records,
      ...(key === held.waits ? {} : { waits: waiting }),
    };
    return { write, next: { workspace: held.workspace, plan, run, waits: key } };
  }

  /** When the store fails, nobody knows whether it wrote: the journal is read back before anything is repeated. */
  async #writeSurely(
    write: RunWrite,
    attempt: () => Promise<'committed' | 'stale'>,
  ): Promise<'committed' | 'stale'> {
    try {
      return await attempt();
    } catch (error) {
      const stored = await this.#host.store.load(this.id);
      const there = stored?.entries.find((entry) => entry.version === write.entry.version);
      if (there !== undefined && sameJson(there, write.entry)) return 'committed';
      throw error;
    }
  }

  #committed(batch: Batch, next: Held, write: RunWrite): void {
    this.#held = next;
    const { workspace, plan, run } = next;
    this.#host.committed({
      workspace,
      run: this.id,
      entry: write.entry,
      state: run.state,
      progress: progress(plan, run),
    });
    this.#answer(batch, next);
    this.#carryOut(batch, next);
  }

  #answer(batch: Batch, held: Held): void {
    for (const [letter, reply] of batch.replies) {
      if (reply !== 'done' && 'refused' in reply) letter.reject(reply.refused);
      else if (letter.kind === 'verb') letter.resolve(view(held.plan, held.run));
      else if (letter.kind === 'report') letter.resolve();
      else if (letter.kind === 'read') letter.resolve(held);
      else if (letter.kind === 'start' && reply !== 'done' && 'start' in reply) letter.resolve(reply.start);
      else if (letter.kind === 'take-up' && reply !== 'done' && 'found' in reply) letter.resolve(reply.found);
    }
  }

  #carryOut(batch: Batch, held: Held): void {
    for (const begun of batch.begun) this.#host.desk.beginHeld(held, begun);
    for (const command of batch.commands) this.#carryOutHere(command);
    this.#host.desk.enqueue(this.id, batch.commands);
  }

  #carryOutHere(command: RunCommand): void {
    if (command.type === 'abort') this.#host.desk.abort(this.id, command.task, command.attempt);
    if (command.type === 'set-timer') this.#host.timerSet(command.timer.at);
  }

  /** People are told at once. What execution found out is worth waiting for: it is offered again until the store is back. */
  #storeFailed(letters: Letter[], error: unknown): void {
    const failure = storeUnavailable(this.id, error);
    for (const letter of letters) {
      if (letter.kind === 'report') this.#offerAgain(letter, error);
      else if (letter.kind === 'start') letter.resolve(null);
      else letter.reject(error instanceof StagewrightError ? error : failure);
    }
  }

  #offerAgain(letter: ReportLetter, error: unknown): void {
    const { log, clock } = this.#host;
    letter.failures += 1;
    const facts = {
      run: this.id,
      report: letter.report.type,
      failures: letter.failures,
      cause: String(error),
    };
    if (letter.failures > REPORT_FAILURES) {
      log.error('The store did not take a report; recovery will make the task again.', facts);
      return letter.reject(storeUnavailable(this.id, error));
    }
    log.warn('The store did not take a report; it is offered again.', facts);
    this.#delayed += 1;
    const wait = Math.min(REPORT_LONGEST_WAIT_MS, REPORT_FIRST_WAIT_MS * 2 ** (letter.failures - 1));
    clock.after(wait, () => {
      this.#delayed -= 1;
      this.post(letter);
    });
  }

  async #load(): Promise<Held | null> {
    const stored = await this.#host.store.load(this.id);
    if (stored === undefined || stored.entries.length === 0) return null;
    const run = replay(this.id, stored.entries);
    const plan = await this.#host.plans.byDigest(run.lock.revision.digest);
    return { workspace: stored.workspace, plan, run, waits: JSON.stringify(waits(plan, run)) };
  }
}

function refuse(letters: Letter[], error: StagewrightError): void {
  for (const letter of letters) {
    if (letter.kind === 'start') letter.resolve(null);
    else letter.reject(error);
  }
}
