import { Batch, workOf } from './batch.ts';
import { engineClosed, runContended, runNotFound, storeUnavailable } from './execution.errors.ts';
import { RunJournal } from './run-journal.ts';
import { WaitingReports } from './waiting-reports.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import { outstanding, view, workersOf } from '../run/index.ts';
import type { BatchSurroundings } from './batch.ts';
import type { Held } from './assignment.ts';
import type { KeeperHost } from './keeper-host.ts';
import type { CreateLetter, Letter } from './letters.ts';
import type { RunWrite } from '../ports/run-store.ts';
import type { RunCommand } from '../run/event.ts';
import type { Plan } from '../template/plan.ts';
import type { Run } from '../run/run.ts';
import type { Digest, RunId, WorkerId } from '../vocabulary.ts';

/** Letters about a run that is there. */
type ToDecide = Exclude<Letter, CreateLetter>;

/** Letters decided in one entry at most: bounds the size of an entry, not the work. */
const BATCH_LETTERS = 256;
/** Lost races in a row after which callers are told to come back. */
const LOST_RACES = 25;

/**
 * The mailbox of one run. Letters are decided one after another on the run in memory, written as one journal entry, and
 * only then answered and carried out. One write is under way at most, and nothing is read while the run is in memory.
 */
export class RunKeeper {
  readonly id: RunId;
  readonly #host: KeeperHost;
  readonly #journal: RunJournal;
  readonly #waiting: WaitingReports;
  #inbox: Letter[] = [];
  #held: Held | null = null;
  #busy = false;
  #closed = false;

  constructor(id: RunId, host: KeeperHost) {
    this.id = id;
    this.#host = host;
    const { store, plans, desk } = host;
    this.#journal = new RunJournal(id, { store, plans, worker: () => desk.worker });
    this.#waiting = new WaitingReports(id, host);
  }

  post(letter: Letter): void {
    if (this.#closed) return letter.reject(engineClosed());
    this.#inbox.push(letter);
    if (!this.#busy) void this.#work();
  }

  /** Version of the run as it lies in memory; null when it does not. */
  get version(): number | null {
    return this.#held?.run.version ?? null;
  }

  /** Nothing is lost when this keeper is forgotten. */
  get atRest(): boolean {
    return !this.#busy && this.#inbox.length === 0 && !this.#waiting.any;
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
    // Tasks that work side by side often end side by side: one entry for all that this turn of the event loop brings.
    if (this.#host.desk.tasksOf(this.id) > 1) await new Promise((resolve) => setImmediate(resolve));
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

  #takeBatch(): ToDecide[] {
    const batch: ToDecide[] = [];
    while (batch.length < BATCH_LETTERS) {
      const next = this.#inbox[0];
      if (next === undefined || next.kind === 'create') break;
      batch.push(next);
      this.#inbox.shift();
    }
    return batch;
  }

  async #turn(letters: ToDecide[]): Promise<void> {
    try {
      if (letters.some((letter) => this.#wantsToLoad(letter))) this.#held = null;
      for (let lost = 0; lost < LOST_RACES; lost += 1) {
        if (await this.#tryTurn(letters)) return;
      }
      refuse(letters, runContended(this.id));
    } catch (error) {
      this.#held = null;
      this.#storeFailed(letters, error);
    }
  }

  /** People want the present state, unless this process is the one that moves the run on. */
  #wantsToLoad(letter: ToDecide): boolean {
    if (letter.kind === 'take-up') return letter.moved;
    return letter.kind === 'read' && letter.present && !this.#host.desk.busyWith(this.id);
  }

  /** False when the run moved on meanwhile: it is forgotten, and everything is to be decided on what is stored. */
  async #tryTurn(letters: ToDecide[]): Promise<boolean> {
    const fresh = this.#held === null;
    const held = this.#held ?? (await this.#load());
    if (held === null) {
      refuse(letters, runNotFound(this.id));
      return true;
    }
    const batch = await this.#decide(held, letters);
    // A refusal must rest on the present state, and another process may have moved the run on.
    const doubtful = !fresh && batch.refuses;
    if (doubtful) batch.abandon();
    else if (await this.#commit(batch, held)) return true;
    else for (const letter of letters) if (letter.kind === 'start') letter.lost = true;
    this.#held = null;
    return false;
  }

  async #load(): Promise<Held | null> {
    this.#held = await this.#journal.load();
    if (this.#held !== null) this.#host.desk.giveUpUnwanted(this.#held);
    return this.#held;
  }

  async #decide(held: Held, letters: ToDecide[]): Promise<Batch> {
    const plans = new Map<Digest, Plan>();
    for (const letter of letters) {
      if (letter.kind !== 'verb' || letter.verb.type !== 'upgrade') continue;
      const { digest } = letter.verb.lock.revision;
      plans.set(digest, await this.#host.plans.byDigest(digest));
    }
    const batch = new Batch(held, this.#surroundings(plans, await this.#gone(held.run, letters)));
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

  /** Which of those who work on the run are gone; asked only when somebody is about to take work up. */
  async #gone(run: Run, letters: ToDecide[]): Promise<ReadonlySet<WorkerId>> {
    const { workers } = this.#host;
    if (!letters.some(({ kind }) => kind === 'start' || kind === 'take-up')) return new Set();
    const others = workersOf(run).filter((worker) => worker !== workers.self);
    return others.length === 0 ? new Set() : await workers.gone(others);
  }

  /** An entry has one instant: what lies in memory and what is read back from the journal tell the same times. */
  #surroundings(
    plans: ReadonlyMap<Digest, Plan>,
    gone: ReadonlySet<WorkerId>,
    now = this.#host.clock.now(),
  ): BatchSurroundings {
    const { desk } = this.#host;
    return {
      now,
      plans,
      gone,
      worker: desk.worker,
      reserve: (plan, work, begun) => desk.tryReserve(plan, { run: this.id, work, begun }),
      isUnderWay: (work, attempt) => desk.isUnderWay(this.id, work, attempt),
      recordOf: (task, attempt) => desk.recordOf(this.id, task, attempt),
    };
  }

  /** Writes, answers and carries out. False when the race was lost; throws when the store failed. */
  async #commit(batch: Batch, held: Held): Promise<boolean> {
    if (batch.facts.length === 0) {
      answer(batch, held);
      this.#carryOut(batch, held);
      return true;
    }
    const { write, next } = this.#journal.nextEntry(batch, held, held.run.version + 1);
    try {
      if ((await this.#journal.append(write)) === 'stale') {
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
    const { createdAt } = decision.run;
    const batch = new Batch(
      { workspace, plan, run: decision.run },
      this.#surroundings(new Map(), new Set(), createdAt),
    );
    try {
      batch.adopt(plan, decision.run, decision.facts);
      batch.commands.push(...decision.commands);
      if (start !== null) batch.apply({ type: 'start', actor: start });
      batch.beginHere();
      const nothing = { workspace, plan, run: decision.run, header: null, waits: '[]' };
      const { write, next } = this.#journal.nextEntry(batch, nothing, 1);
      const outcome = await this.#journal.create(workspace, { ...write, header: next.header! });
      if (outcome === 'stale') batch.abandon();
      else this.#committed(batch, next, write);
      letter.resolve(outcome === 'committed' ? view(next.plan, next.run) : null);
    } catch (error) {
      batch.abandon();
      this.#held = null;
      this.#storeFailed([letter], error);
    }
  }

  #committed(batch: Batch, next: Held, write: RunWrite): void {
    this.#held = next;
    const { state, progress } = write.standing;
    this.#host.committed({
      workspace: next.workspace,
      run: this.id,
      entry: write.entry,
      state,
      progress,
    });
    answer(batch, next);
    this.#carryOut(batch, next);
  }

  #carryOut(batch: Batch, held: Held): void {
    for (const begun of batch.begun) this.#host.desk.beginHeld(held, begun);
    for (const command of batch.commands) this.#carryOutHere(command);
    this.#host.desk.enqueue(held, batch.commands, { again: batch.again });
  }

  #carryOutHere(command: RunCommand): void {
    if (command.type === 'abort') this.#host.desk.abort(this.id, command.task, command.attempt);
    if (command.type === 'set-timer') this.#host.timerSet(command.timer.at);
  }

  /**
   * People are told at once, and so is a worker that stops. What execution found out is worth waiting for: it is
   * offered again until the store is back.
   */
  #storeFailed(letters: Letter[], error: unknown): void {
    const failure = storeUnavailable(this.id, error);
    for (const letter of letters) {
      if (letter.kind === 'report' && letter.report.type !== 'task-released')
        this.#waiting.offerAgain(letter, error, (again) => this.post(again));
      else if (letter.kind === 'start') letter.resolve(null);
      else letter.reject(error instanceof StagewrightError ? error : failure);
    }
  }
}

/** Gives every letter of a committed batch its answer. */
function answer(batch: Batch, held: Held): void {
  for (const [letter, reply] of batch.replies) {
    if (reply !== 'done' && 'refused' in reply) letter.reject(reply.refused);
    else if (letter.kind === 'verb') letter.resolve(view(held.plan, held.run));
    else if (letter.kind === 'read') letter.resolve(held);
    else if (reply === 'done') continue;
    else if (letter.kind === 'report' && 'taken' in reply) letter.resolve(reply.taken);
    else if (letter.kind === 'start' && 'start' in reply) letter.resolve(reply.start);
    else if (letter.kind === 'take-up' && 'found' in reply) letter.resolve(reply.found);
  }
}

function refuse(letters: Letter[], error: StagewrightError): void {
  for (const letter of letters) {
    if (letter.kind === 'start') letter.resolve(null);
    else letter.reject(error);
  }
}
