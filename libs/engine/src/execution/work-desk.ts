import { assignmentOf, holdOf, laneOf } from './assignment.ts';
import { workOf } from './batch.ts';
import { InProcessStageQueue } from './in-process-stage-queue.ts';
import { Lanes } from './lanes.ts';
import { executeEndAction } from './end-action.ts';
import { mayRepeatTask } from './system-task.ts';
import { executeTask } from './task.ts';
import { stageIdOf } from '../run/run-parts.ts';
import type { Assignment, Held } from './assignment.ts';
import type { Slot } from './lanes.ts';
import type { EngineLog, EnginePorts, EngineOptions } from './ports.ts';
import type { RunKeepers } from './run-keepers.ts';
import type { TaskDesk } from './task.ts';
import type { AttemptRecord } from '../ports/run-store.ts';
import type { QueuedWork } from '../ports/stage-queue.ts';
import type { RunCommand } from '../run/event.ts';
import type { Plan } from '../template/plan.ts';
import type { RunId, TaskId, WorkerId } from '../vocabulary.ts';

/** A try that is under way in this process. */
export interface UnderWay {
  abort: AbortController;
  /** The record as it stands; null before anything was written down. */
  record: (() => AttemptRecord) | null;
}

/** A try that is under way, and what it is a try at. */
interface Effort extends UnderWay {
  assignment: Assignment;
  /** Somebody else does it from now on: how it ends here is nobody's business. */
  forsaken: boolean;
}

/** What the desk needs of the engine around it. */
export interface DeskHost {
  ports: EnginePorts;
  options: EngineOptions;
  log: EngineLog;
  keepers: () => RunKeepers;
  tasks: TaskDesk;
}

const DEFAULT_CONCURRENCY = { ai: 8, system: 4 };
const DEFAULT_AHEAD = 1_000;
/** Longest time for giving back what is under way when the process stops. */
const RELEASE_MS = 3_000;

/**
 * Where work is handed out and comes back: takes commands to the queue, work from the queue to a free place, and results
 * to the run's mailbox. What the process that committed can begin itself never sees the queue.
 */
export class WorkDesk {
  readonly #host: DeskHost;
  readonly #lanes: Lanes;
  readonly #underWay = new Map<string, Effort>();
  readonly #perRun = new Map<RunId, number>();
  /** Work that the queue between the processes did not take. */
  readonly #ownQueue = new InProcessStageQueue();
  #whenQuiet: () => void = () => undefined;
  #closed = false;

  constructor(host: DeskHost) {
    this.#host = host;
    this.#lanes = new Lanes({
      places: host.options.concurrency ?? DEFAULT_CONCURRENCY,
      promises: host.options.ahead ?? DEFAULT_AHEAD,
    });
  }

  get works(): boolean {
    return this.#host.options.works !== false;
  }

  /** This process as those who work on runs; null while it begins nothing. */
  get worker(): WorkerId | null {
    return this.works && !this.#closed ? this.#host.ports.workers.self : null;
  }

  /** Runs that something is under way of in this process. */
  get busy(): RunId[] {
    return [...this.#perRun.keys()];
  }

  /** Begins to take work from the queue. */
  open(): void {
    if (!this.works) return;
    const concurrency = this.#host.options.concurrency ?? DEFAULT_CONCURRENCY;
    for (const queue of [this.#host.ports.queue, this.#ownQueue])
      queue.consume((item) => this.#take(item), { concurrency });
  }

  /**
   * A place for work that begins with the entry that is about to be written; null sends it through the queue. A place
   * that is held while an entry is written does nothing for that long. So work that may be repeated after a crash gets
   * the promise of one: it begins in the journal now, and is carried out in its turn.
   */
  tryReserve(plan: Plan, { run, work, begun }: { run: RunId; work: string; begun: number }): Slot | null {
    if (this.#closed || !this.works) return null;
    if (this.tasksOf(run) + begun >= (this.#host.options.perRun ?? Infinity)) return null;
    const lane = laneOf(plan, work);
    return this.#mayWait(plan, work) ? this.#lanes.tryPromise(lane) : this.#lanes.tryTake(lane);
  }

  /** Models are slow: what waits for one is queued, not at work. */
  #mayWait(plan: Plan, work: string): boolean {
    const stage = plan.stages.find(({ id }) => id === stageIdOf(work));
    if (stage?.mode !== 'system') return false;
    const facts = this.#host.ports.actions.action(stage.uses);
    return facts !== undefined && facts.idempotency !== 'none';
  }

  isUnderWay(run: RunId, work: string, attempt: number): boolean {
    return this.#underWay.has(keyOf(run, work, attempt));
  }

  /** Whether this process works on the run. */
  busyWith(run: RunId): boolean {
    return this.#perRun.has(run);
  }

  /** How much of the run is under way in this process. */
  tasksOf(run: RunId): number {
    return this.#perRun.get(run) ?? 0;
  }

  recordOf(run: RunId, task: TaskId, attempt: number): AttemptRecord | null {
    return this.#underWay.get(keyOf(run, task, attempt))?.record?.() ?? null;
  }

  abort(run: RunId, task: TaskId, attempt: number): void {
    this.#underWay.get(keyOf(run, task, attempt))?.abort.abort();
  }

  /** `again`: it may be in the queue already. */
  enqueue(held: Held, commands: RunCommand[], { again }: { again: boolean }): void {
    const items = commands.flatMap((command): QueuedWork[] => {
      const { work, attempt } = workOf(command) ?? {};
      if (work === undefined || attempt === undefined) return [];
      const fence = assignmentOf(held, work, attempt)?.fence ?? 0;
      return [{ run: held.run.id, work, attempt, fence, lane: laneOf(held.plan, work) }];
    });
    if (items.length === 0 || this.#closed) return;
    this.#host.ports.queue.enqueue(items, { again }).catch((error: unknown) => this.#keep(items, error));
  }

  /** The queue is a hint: what it does not take is done here, or found again by whoever recovers the run. */
  #keep(items: QueuedWork[], error: unknown): void {
    this.#host.log.warn('The queue did not take work.', { items: items.length, cause: String(error) });
    if (this.works) void this.#ownQueue.enqueue(items);
  }

  /** Begins work whose start is committed already, in the place that was kept for it. */
  beginHeld(held: Held, begun: { work: string; attempt: number; slot: Slot }): void {
    const assignment = assignmentOf(held, begun.work, begun.attempt);
    if (assignment === null || this.#closed) return begun.slot.release();
    void this.#carryOut({ ...assignment, resumed: false }, begun.slot);
  }

  /** The run as it stands in the store: tries that it does not want any more, or not from here, are given up. */
  giveUpUnwanted(held: Held): void {
    for (const effort of this.#underWay.values()) {
      const { run, work, attempt, fence } = effort.assignment;
      if (run.id !== held.run.id) continue;
      if (assignmentOf(held, work, attempt)?.fence !== fence) giveUp(effort);
    }
  }

  /** Takes nothing new, calls off what is under way after `graceMs`, and leaves it to the next process. */
  async close(graceMs: number): Promise<void> {
    const releases = this.worker !== null;
    this.#closed = true;
    const queues = [this.#host.ports.queue, this.#ownQueue].map((queue) => queue.close(graceMs));
    await this.#quietWithin(graceMs);
    const left = [...this.#underWay.values()];
    for (const { abort } of left) abort.abort();
    if (releases) await withinMs(RELEASE_MS, Promise.all(left.map((effort) => this.#release(effort))));
    await Promise.all(queues);
  }

  /** What may be repeated is given back, so that nobody takes this stop for a crash of the task. */
  async #release({ assignment, forsaken }: Effort): Promise<void> {
    if (forsaken || assignment.kind !== 'task') return;
    const { stage } = assignment;
    const report = { type: 'task-released', ...holdOf(assignment) } as const;
    try {
      if (stage.mode === 'system' && !mayRepeatTask(this.#host.ports.actions, assignment, stage)) return;
      await this.#host.keepers().report(assignment.run.id, report, null);
    } catch (error) {
      this.#host.log.warn('A task could not be given back; it is taken up when this lease is over.', {
        run: assignment.run.id,
        work: assignment.work,
        cause: String(error),
      });
    }
  }

  /** Real time: it bounds how long a stop takes, and decides nothing about a run. */
  async #quietWithin(graceMs: number): Promise<void> {
    if (this.#underWay.size === 0) return;
    await new Promise<void>((resolve) => {
      const stop = setTimeout(resolve, graceMs);
      this.#whenQuiet = () => {
        clearTimeout(stop);
        resolve();
      };
    });
  }

  async #take(item: QueuedWork): Promise<void> {
    const { run, work, attempt } = item;
    if (this.#closed || this.isUnderWay(run, work, attempt)) return;
    const { plan } = await this.#host.keepers().read(run, { present: false });
    const lane = laneOf(plan, work);
    // A place is not held while the start is written, if the work may be repeated: many starts go into one entry.
    const promised = this.#mayWait(plan, work) ? this.#lanes.tryPromise(lane) : null;
    const slot = promised ?? (await this.#lanes.take(lane));
    const assignment = this.#closed ? null : await this.#host.keepers().start(run, work, attempt);
    if (assignment === null) return slot.release();
    await this.#carryOut(assignment, slot);
  }

  async #carryOut(assignment: Assignment, slot: Slot): Promise<void> {
    const run = assignment.run.id;
    const key = keyOf(run, assignment.work, assignment.attempt);
    const underWay: Effort = { abort: new AbortController(), record: null, assignment, forsaken: false };
    this.#underWay.set(key, underWay);
    this.#perRun.set(run, (this.#perRun.get(run) ?? 0) + 1);
    try {
      const turn = slot.turn();
      if (turn !== null) {
        await turn;
        // Cancelled, or left to the next process, before its turn came.
        if (this.#closed || underWay.abort.signal.aborted) return;
      }
      const { tasks } = this.#host;
      const done =
        assignment.kind === 'task'
          ? await executeTask(tasks, assignment, underWay)
          : await executeEndAction(tasks, assignment, underWay);
      slot.release();
      // Called off by a stop of the process, or done elsewhere: nothing happened as far as the run is concerned.
      if (underWay.forsaken || (this.#closed && underWay.abort.signal.aborted)) return;
      await this.#host.keepers().report(run, done.report, done.record);
    } catch (error) {
      this.#host.log.error('A report was refused by its run.', {
        run,
        work: assignment.work,
        cause: String(error),
      });
    } finally {
      slot.release();
      this.#underWay.delete(key);
      if (this.#underWay.size === 0) this.#whenQuiet();
      this.#leave(run);
    }
  }

  #leave(run: RunId): void {
    const left = (this.#perRun.get(run) ?? 1) - 1;
    if (left > 0) this.#perRun.set(run, left);
    else this.#perRun.delete(run);
    this.#host.keepers().sweep(run);
  }
}

/** Real time: a store that does not answer keeps no process from stopping. */
async function withinMs(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, end]);
  clearTimeout(timer);
}

function giveUp(effort: Effort): void {
  effort.forsaken = true;
  effort.abort.abort();
}

function keyOf(run: RunId, work: string, attempt: number): string {
  return `${run} ${work} ${attempt}`;
}
