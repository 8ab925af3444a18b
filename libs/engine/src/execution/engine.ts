import { TimerAlarm } from './alarm.ts';
import { checkForm, checkInputs, checkOutcome } from './check-inputs.ts';
import { checkVerb } from './check-verb.ts';
import { engineClosed, requestInvalid, runNotFound } from './execution.errors.ts';
import { PlanCache } from './plan-cache.ts';
import { previewOf } from './preview.ts';
import { RunKeepers } from './run-keepers.ts';
import { Recovery } from './recovery.ts';
import { freezeLock } from './run-lock.ts';
import { WorkDesk } from './work-desk.ts';
import { createRun, view } from '../run/index.ts';
import { digestOf } from '../template/canonical.ts';
import type { EngineLog, EngineOptions, EnginePorts } from './ports.ts';
import type { EngineEntry } from './keeper-host.ts';
import type { PreviewRequest, RunPreview } from './preview.ts';
import type { RunVerb } from '../run/event.ts';
import type { Run } from '../run/run.ts';
import type { RunView } from '../run/view.ts';
import type { Plan } from '../template/plan.ts';
import type { Actor, Digest, JsonObject, RunId, RunLock, RunRequest } from '../vocabulary.ts';

/** What a caller asks when creating a run. */
export interface CreateRequest extends RunRequest {
  /** False leaves the run a draft. Default true. */
  start?: boolean;
  /** Makes the request repeatable: the same key in the same workspace gives the same run again. */
  key?: string;
}

/** Carries runs out. One per process; everything that a host does with runs goes through here. */
export interface Engine {
  /**
   * Creates a run of the revision that is served now, or of the one asked for, and starts it. Throws
   * `TEMPLATE_NOT_FOUND`, `REVISION_NOT_FOUND`, `PROVIDER_NOT_CONFIGURED`, or `INPUT_INVALID` with every violation.
   */
  create(workspace: string, request: CreateRequest, actor: Actor): Promise<RunView>;
  /** Asks something of a run. Throws `RUN_NOT_FOUND`, also for a run of another workspace, or the refusal. */
  send(workspace: string, id: RunId, verb: RunVerb): Promise<RunView>;
  /** Sends `upgrade` to another revision of the run's template: the one asked for, or the one that is served now. */
  upgrade(workspace: string, id: RunId, request: { revision?: string }, actor: Actor): Promise<RunView>;
  /**
   * What `retry`, `rerun` or `upgrade` would do: what is made, what is given again, what must be approved again, and what it is
   * likely to cost. Decides and writes nothing; throws the refusal that the verb would meet now.
   */
  preview(workspace: string, id: RunId, request: PreviewRequest, actor: Actor): Promise<RunPreview>;
  /** Any run, also one that is parked or ended. Throws `RUN_NOT_FOUND`. */
  get(workspace: string, id: RunId): Promise<RunView>;
  /**
   * Takes up open runs that nobody answers for, looks after those of this process, and fires timers that are due.
   * Safe at any time; called on start and then on an interval. Gives the number of runs that had something outstanding.
   */
  recover(): Promise<number>;
  /** Gives up what another process has cancelled or taken over of what is under way here. Asks nothing when nothing is. */
  lookAgain(): Promise<void>;
  /** Hears every entry that this process commits: after the commit, in order per run. Returns how to stop. */
  onEntry(listener: (entry: EngineEntry) => void): () => void;
  /** Takes nothing new, waits for what is under way, then calls it off: it is taken up by the next process. */
  close(graceMs: number): Promise<void>;
  /** Resolves when nothing goes on in this process: every run is parked, ended, or waits for a timer. */
  quiet(): Promise<void>;
  /** What this process holds in memory now. */
  readonly load: { runs: number };
}

const MAX_TITLE = 1_000;
const RUNS_IN_MEMORY = 1_000;
const SYSTEM: Actor = { kind: 'system', id: 'engine' };
const SILENT: EngineLog = { warn: () => undefined, error: () => undefined };

/** Builds the engine on its ports. It begins to take work from the queue at once; call `recover` for what was left. */
export function createEngine(ports: EnginePorts, options: EngineOptions = {}): Engine {
  return new RunEngine(ports, options);
}

class RunEngine implements Engine {
  readonly #ports: EnginePorts;
  readonly #log: EngineLog;
  readonly #plans: PlanCache;
  readonly #desk: WorkDesk;
  readonly #keepers: RunKeepers;
  readonly #alarm: TimerAlarm;
  readonly #listeners = new Set<(entry: EngineEntry) => void>();
  readonly #recovery: Recovery;
  #closed = false;

  constructor(ports: EnginePorts, options: EngineOptions) {
    const { store, clock, workers } = ports;
    const log = ports.log ?? SILENT;
    this.#ports = ports;
    this.#log = log;
    this.#plans = new PlanCache(ports.plans);
    const startRun = (workspace: string, key: Digest, template: string, inputs: JsonObject) =>
      this.create(workspace, { template, inputs, key }, SYSTEM);
    this.#desk = new WorkDesk({
      ports,
      options,
      log,
      keepers: () => this.#keepers,
      tasks: { ports, startRun, report: (run, report) => this.#keepers.report(run, report, null) },
    });
    this.#alarm = new TimerAlarm({
      store,
      clock,
      log,
      fire: (run) => this.#keepers.takeUp(run, { recover: false }),
    });
    this.#keepers = new RunKeepers(
      {
        store,
        clock,
        log,
        plans: this.#plans,
        desk: this.#desk,
        workers,
        committed: (entry) => this.#tell(entry),
        timerSet: (at) => this.#alarm.consider(at),
      },
      options.runsInMemory ?? RUNS_IN_MEMORY,
    );
    this.#recovery = new Recovery({ store, log, keepers: this.#keepers, desk: this.#desk });
    this.#desk.open();
  }

  get load(): { runs: number } {
    return { runs: this.#keepers.size };
  }

  async create(workspace: string, request: CreateRequest, actor: Actor): Promise<RunView> {
    if (this.#closed) throw engineClosed();
    const id = request.key === undefined ? this.#ports.ids.next() : runIdFor(workspace, request.key);
    checkTitle(request.title);
    const { plan, revision } = await this.#ports.plans.resolve(request.template, request.revision);
    const inputs = await checkInputs(this.#ports, workspace, plan.inputs, request.inputs);
    const lock = freezeLock(plan, revision, this.#ports);
    this.#plans.keep(plan);
    const title = request.title === undefined ? {} : { title: request.title };
    const decision = createRun(plan, { id, ...title, inputs, lock, actor }, this.#ports.clock.now());
    const start = request.start === false ? null : actor;
    // A run that is there already is the answer to an earlier sending of the same request.
    const created = await this.#keepers.create(id, { workspace, plan, decision, start });
    return created ?? (await this.get(workspace, id));
  }

  async send(workspace: string, id: RunId, verb: RunVerb): Promise<RunView> {
    if (this.#closed) throw engineClosed();
    checkVerb(verb);
    if (verb.type === 'submit-input') await this.#checkForm(workspace, id, verb);
    if (verb.type === 'resolve' && verb.outcome === 'done')
      checkOutcome(this.#ports, (await this.#held(workspace, id)).plan, verb);
    return await this.#keepers.verb(workspace, id, verb);
  }

  async upgrade(
    workspace: string,
    id: RunId,
    request: { revision?: string },
    actor: Actor,
  ): Promise<RunView> {
    const { run } = await this.#held(workspace, id);
    const { plan, lock } = await this.#revisionFor(run, request.revision);
    this.#plans.keep(plan);
    return await this.send(workspace, id, { type: 'upgrade', actor, lock });
  }

  async preview(workspace: string, id: RunId, request: PreviewRequest, actor: Actor): Promise<RunPreview> {
    const { run, plan: present } = await this.#held(workspace, id);
    const entries = (await this.#ports.store.load(id))?.entries ?? [];
    if (request.type !== 'upgrade')
      return await previewOf(this.#ports, {
        workspace,
        plan: present,
        run,
        entries,
        verb: { ...request, actor },
      });
    const { plan, lock } = await this.#revisionFor(run, request.revision);
    return await previewOf(this.#ports, {
      workspace,
      plan,
      run,
      entries,
      verb: { type: 'upgrade', actor, lock },
    });
  }

  async #revisionFor(run: Run, asked?: string): Promise<{ plan: Plan; lock: RunLock }> {
    const { template } = run.lock.revision;
    const { plan, revision } = await this.#ports.plans.resolve(template, asked);
    return { plan, lock: freezeLock(plan, revision, this.#ports) };
  }

  async get(workspace: string, id: RunId): Promise<RunView> {
    const held = await this.#held(workspace, id);
    return view(held.plan, held.run);
  }

  async recover(): Promise<number> {
    const found = await this.#recovery.round();
    await this.#alarm.ring();
    return found;
  }

  lookAgain(): Promise<void> {
    return this.#recovery.lookAgain();
  }

  quiet(): Promise<void> {
    return this.#keepers.quiet();
  }

  onEntry(listener: (entry: EngineEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async close(graceMs: number): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#alarm.close();
    this.#recovery.close();
    await this.#desk.close(graceMs);
    this.#keepers.close();
  }

  async #held(workspace: string, id: RunId) {
    if (this.#closed) throw engineClosed();
    const held = await this.#keepers.read(id, { present: true });
    if (held.workspace !== workspace) throw runNotFound(id);
    return held;
  }

  async #checkForm(workspace: string, id: RunId, verb: RunVerb & { type: 'submit-input' }): Promise<void> {
    const { plan } = await this.#held(workspace, id);
    const stage = plan.stages.find((candidate) => candidate.id === verb.stage);
    // An unknown stage, or one that takes no input, is refused by the run itself.
    if (stage?.mode === 'manual') await checkForm(this.#ports, workspace, stage.form, verb.input);
  }

  #tell(entry: EngineEntry): void {
    for (const listener of this.#listeners) {
      try {
        listener(entry);
      } catch (error) {
        this.#log.error('A listener failed on an entry.', { run: entry.run, cause: String(error) });
      }
    }
  }
}

function checkTitle(title: unknown): void {
  if (title === undefined || (typeof title === 'string' && title.length <= MAX_TITLE)) return;
  throw requestInvalid(`The title of a run is a text of at most ${MAX_TITLE} characters.`);
}

/** The same for the same key: in the form of a UUID (version 8), as stores expect it. */
function runIdFor(workspace: string, key: string): RunId {
  const hex = digestOf(['run', workspace, key]);
  const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
