import { OUTCOME_UNKNOWN, createRun, decide, replay } from '../../../libs/engine/src/run/index.ts';
import type {
  Decision,
  JournalEntry,
  Run,
  RunCommand,
  RunEvent,
  RunFact,
  RunVerb,
  StageRun,
  TaskRun,
  Timer,
} from '../../../libs/engine/src/run/index.ts';
import type { Gate, Plan, PlannedStage } from '../../../libs/engine/src/template/plan.ts';
import type {
  Actor,
  Failure,
  Json,
  JsonObject,
  RunLock,
  Usage,
} from '../../../libs/engine/src/vocabulary.ts';

export const ANNA: Actor = { kind: 'user', id: 'anna', roles: ['approver'] };
export const BEN: Actor = { kind: 'user', id: 'ben', roles: ['approver'] };
export const CLEO: Actor = { kind: 'user', id: 'cleo', roles: ['admin'] };
export const AUTHOR: Actor = { kind: 'user', id: 'author', roles: ['approver'] };

export const BEGIN = '2026-11-21T09:00:00.000Z';

/** A stage as a test thinks of it: what it does not name is the plainest choice. */
export type Sketch = { id: string } & Partial<
  Omit<Extract<PlannedStage, { mode: 'system' }>, 'mode' | 'uses' | 'with'>
> & {
    mode?: 'system' | 'manual';
    assignees?: string[];
  };

/** A plan of stages one after the other, unless they name their `needs`. */
export function planOf(sketches: Sketch[], rest: Partial<Plan> = {}): Plan {
  const stages = sketches.map((sketch, index) =>
    stageOf(sketch, index, index === 0 ? [] : [sketches[index - 1]!.id]),
  );
  return {
    name: 'book',
    title: 'Book',
    description: '',
    type: 'ebook',
    version: '1.0.0',
    owners: [],
    labels: {},
    inputs: { type: 'object' },
    budget: null,
    permissions: [],
    stages,
    outputs: {},
    onComplete: [],
    digest: 'd1',
    files: {},
    ...rest,
  };
}

function stageOf(sketch: Sketch, index: number, needs: string[]): PlannedStage {
  const base = {
    name: sketch.id,
    description: '',
    sequence: 10 * (index + 1),
    needs,
    if: null,
    forEach: null,
    retry: { attempts: 3, delayMs: 1_000, maxDelayMs: 60_000 },
    timeoutMs: 60_000,
    approval: null,
    advance: 'auto' as const,
    final: false,
    cache: true,
    permissions: [],
    output: null,
    ...sketch,
  };
  if (sketch.mode === 'manual')
    return { ...base, mode: 'manual', form: {}, assignees: sketch.assignees ?? [], guidelines: '' };
  return { ...base, mode: 'system', uses: 'book/make', with: {} };
}

export function gateOf(gate: Partial<Gate> = {}): Gate {
  return {
    approvers: [],
    quorum: 1,
    selfApproval: false,
    deadlineMs: null,
    onDeadline: null,
    maxAttempts: 5,
    ...gate,
  };
}

export function each(source: string, concurrency = 10): { source: string; as: string; concurrency: number } {
  return { source, as: 'item', concurrency };
}

export function lockOf(plan: Plan): RunLock {
  return {
    revision: { template: plan.name, version: plan.version, commit: 'worktree', digest: plan.digest },
    files: {},
    plugins: {},
    models: {},
    placeholder: false,
  };
}

export function failureOf(rest: Partial<Failure> = {}): Failure {
  return { code: 'PROVIDER_UNAVAILABLE', message: 'The service is down.', retryable: true, ...rest };
}

/** A run that a test tells step by step: it keeps the journal and the time, and plays executor where it is told to. */
export class Story {
  now = BEGIN;
  plan: Plan;
  run: Run;
  readonly entries: JournalEntry[] = [];
  /** Commands of the last step. */
  commands: RunCommand[] = [];
  /** Facts of the last step. */
  facts: RunFact[] = [];

  constructor(plan: Plan, inputs: JsonObject = {}) {
    this.plan = plan;
    const decision = createRun(plan, { id: 'run-1', inputs, lock: lockOf(plan), actor: AUTHOR }, this.now);
    this.run = decision.run;
    this.take(decision);
  }

  static started(plan: Plan, inputs: JsonObject = {}): Story {
    return new Story(plan, inputs).does({ type: 'start', actor: AUTHOR });
  }

  does(event: RunEvent): this {
    this.take(decide(this.plan, this.run, event, this.now));
    return this;
  }

  /** The error that the verb is refused with; the test fails when it is not. */
  refusal(verb: RunVerb): Error & { code: string; details: JsonObject } {
    try {
      decide(this.plan, this.run, verb, this.now);
    } catch (error) {
      return error as Error & { code: string; details: JsonObject };
    }
    throw new Error(`"${verb.type}" was not refused.`);
  }

  take(decision: Decision): void {
    this.run = decision.run;
    this.facts = decision.facts;
    this.commands = decision.commands;
    if (decision.facts.length > 0) {
      this.entries.push({ version: decision.run.version, at: this.now, facts: decision.facts });
    }
  }

  gives(task: string, output: Json = null, usage: Usage | null = null): this {
    return this.does({
      type: 'task-succeeded',
      ...this.hold(task),
      output,
      artifacts: [],
      usage,
      inputDigest: null,
      reused: false,
    });
  }

  fails(task: string, error: Partial<Failure> = {}): this {
    return this.does({ type: 'task-failed', ...this.hold(task), error: failureOf(error), usage: null });
  }

  /** Its try ended, and nobody knows whether it had its effect. */
  isInDoubt(task: string): this {
    return this.fails(task, { code: OUTCOME_UNKNOWN, retryable: false });
  }

  resolves(task: string, outcome: 'done' | 'repeat' | 'fail', output?: Json): this {
    const { attempt } = this.task(task);
    const given = output === undefined ? {} : { output };
    return this.does({ type: 'resolve', actor: ANNA, task, attempt, outcome, ...given });
  }

  begins(task: string): this {
    return this.does({ type: 'task-started', task, attempt: this.task(task).attempt, worker: 'w1' });
  }

  /** The process that worked on it is gone, and another one takes it up. */
  isCutOff(task: string): this {
    return this.does({ type: 'task-interrupted', task, attempt: this.task(task).attempt, worker: 'w2' });
  }

  /** The worker that has it stops, and gives it back. */
  isReleased(task: string): this {
    return this.does({ type: 'task-released', ...this.hold(task) });
  }

  /** What a report of whoever works on the task now says of it. */
  hold(task: string) {
    const { attempt, work } = this.task(task);
    return { task, attempt, worker: work.worker ?? 'w1', fence: work.fence };
  }

  callsTool(task: string): this {
    return this.does({ type: 'tool-called', ...this.hold(task), tool: 'math/double' });
  }

  approves(stage: string, actor: Actor = ANNA): this {
    return this.does({ type: 'approve', actor, stage, round: this.stage(stage).round });
  }

  sendsBack(stage: string, more: { tasks?: string[]; task?: string } = {}): this {
    const comments = [{ body: 'Shorter, please', ...(more.task === undefined ? {} : { task: more.task }) }];
    const { round } = this.stage(stage);
    return this.does({
      type: 'request-changes',
      actor: ANNA,
      stage,
      round,
      comments,
      ...(more.tasks === undefined ? {} : { tasks: more.tasks }),
    });
  }

  /** Lets a timer that the last step set come at its time. */
  fires(kind: Timer['kind']): this {
    const command = this.commands.find((each) => each.type === 'set-timer' && each.timer.kind === kind);
    if (command?.type !== 'set-timer') throw new Error(`No ${kind} timer was set.`);
    this.now = command.timer.at;
    return this.does({ type: 'timer-fired', timer: command.timer });
  }

  later(ms: number): this {
    this.now = new Date(Date.parse(this.now) + ms).toISOString();
    return this;
  }

  stage(id: string): StageRun {
    const stage = this.run.stages[id];
    if (stage === undefined) throw new Error(`No stage ${id}.`);
    return stage;
  }

  task(id: string): TaskRun {
    const task = this.stage(id.split('/')[0]!).tasks.find((each) => each.id === id);
    if (task === undefined) throw new Error(`No task ${id}.`);
    return task;
  }

  /** States of the stages, in order: `done running pending`. */
  get states(): string {
    return this.plan.stages.map(({ id }) => this.stage(id).state).join(' ');
  }

  /** Tasks to execute, as the last step asked: `chapters/0#1`. */
  get executes(): string[] {
    return this.commands.flatMap((each) => (each.type === 'execute' ? `${each.task}#${each.attempt}` : []));
  }

  get aborts(): string[] {
    return this.commands.flatMap((each) => (each.type === 'abort' ? `${each.task}#${each.attempt}` : []));
  }

  get told(): string[] {
    return this.facts.map(({ type }) => type);
  }

  get replayed(): Run {
    return replay(this.run.id, this.entries);
  }
}
