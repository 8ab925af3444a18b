import {
  createRun,
  decide,
  MAX_INTERRUPTIONS,
  OUTCOME_UNKNOWN,
  outstanding,
  progress,
  replay,
  shortFacts,
  wholeFacts,
} from '../../../libs/engine/src/run/index.ts';
import type {
  Decision,
  JournalEntry,
  Run,
  RunCommand,
  RunEvent,
  RunFact,
  ShortFact,
  TaskRun,
  Timer,
} from '../../../libs/engine/src/run/index.ts';
import type { Plan } from '../../../libs/engine/src/template/plan.ts';
import type { JsonObject, RunState, TaskId, TaskState } from '../../../libs/engine/src/vocabulary.ts';
import { AUTHOR, BEGIN, lockOf } from './story.ts';

type Execute = Extract<RunCommand, { type: 'execute' }>;
type Hold = Pick<Extract<RunEvent, { type: 'task-released' }>, 'task' | 'attempt' | 'worker' | 'fence'>;
type EndAction = Extract<RunCommand, { type: 'execute-end-action' }>;

/** How an attempt ends: well, badly, for good, or nobody knows how. */
export type Ending = 'gives' | 'fails' | 'breaks' | 'doubts';

/** The ways of a task's state, by fact: from which states it may come, and where it goes. */
const TASK_WAYS: Partial<Record<RunFact['type'], { from: TaskState[]; to: TaskState }>> = {
  'task.queued': { from: ['pending'], to: 'queued' },
  'input.requested': { from: ['pending'], to: 'queued' },
  'task.started': { from: ['queued'], to: 'processing' },
  'input.submitted': { from: ['queued'], to: 'processing' },
  'input.kept': { from: ['pending'], to: 'processing' },
  'task.completed': { from: ['processing'], to: 'done' },
  'task.failed': { from: ['processing'], to: 'failed' },
  'review.requested': { from: ['processing'], to: 'pending' },
  'review.resolved': { from: ['pending'], to: 'processing' },
  'task.interrupted': { from: ['processing'], to: 'processing' },
  'task.released': { from: ['processing'], to: 'queued' },
  'tool.answered': { from: ['processing'], to: 'processing' },
  'tool.called': { from: ['processing'], to: 'processing' },
  'task.cancelled': { from: ['pending', 'queued', 'processing'], to: 'cancelled' },
};

const RUN_WAYS: Record<RunState, RunState[]> = {
  draft: ['running', 'approval_pending', 'input_pending', 'paused', 'done', 'failed', 'cancelled'],
  running: ['approval_pending', 'input_pending', 'paused', 'done', 'failed', 'cancelled'],
  approval_pending: ['running', 'input_pending', 'paused', 'done', 'failed', 'cancelled'],
  input_pending: ['running', 'approval_pending', 'paused', 'done', 'failed', 'cancelled'],
  paused: ['running', 'approval_pending', 'input_pending', 'done', 'failed', 'cancelled'],
  done: ['running', 'approval_pending', 'input_pending', 'paused', 'failed'],
  failed: ['running', 'approval_pending', 'input_pending', 'paused', 'done'],
  cancelled: [],
};

/**
 * A process that carries a run's commands out, dies and is replaced, with what must hold at every step checked at
 * every step. A broken rule is thrown as an error that names it.
 */
export class World {
  plan: Plan;
  run: Run;
  now = BEGIN;
  readonly entries: JournalEntry[] = [];
  executes: Execute[] = [];
  endActions: EndAction[] = [];
  timers: Timer[] = [];
  /** Everything that was ever asked for: what comes late is drawn from here. */
  readonly everExecuted: Execute[] = [];
  readonly everTimed: Timer[] = [];
  readonly everHeld: Hold[] = [];
  readonly #attempts = new Map<TaskId, number>();
  readonly #completed = new Set<string>();
  /** Tasks and end actions that nobody may make again before a person has looked. */
  readonly #doubts = new Set<string>();

  constructor(plan: Plan, inputs: JsonObject) {
    this.plan = plan;
    const decision = createRun(plan, { id: 'run-1', inputs, lock: lockOf(plan), actor: AUTHOR }, this.now);
    this.run = decision.run;
    this.entries.push({ version: 1, at: this.now, facts: decision.facts });
  }

  /** Decides, checks and takes the commands over. A refusal is thrown on, with the run as it was. */
  send(event: RunEvent, plan = this.plan): Decision {
    const before = deepFreeze(this.run);
    const decision = decide(plan, before, event, this.now);
    this.plan = plan;
    this.run = decision.run;
    if (decision.facts.length === 0) {
      must(decision.run === before && decision.commands.length === 0, 'what changes nothing gives nothing');
      return decision;
    }
    if ('round' in event)
      must(event.round === before.stages[event.stage]?.round, `${event.type} of another round`);
    this.entries.push({ version: decision.run.version, at: this.now, facts: asKept(decision.facts) });
    this.#checkFacts(before, decision.facts);
    for (const command of decision.commands) this.#take(command);
    for (const fact of decision.facts) if (fact.type === 'task.failed') this.#drop(fact.task);
    this.#checkRun(before, decision.facts);
    return decision;
  }

  /** The process dies; another one knows only the journal, and takes up what was under way. */
  crash(): void {
    this.run = replay(this.run.id, this.entries);
    this.executes = [];
    this.endActions = [];
    this.timers = [];
    for (const command of outstanding(this.plan, this.run)) this.#take(command);
    for (const { task, attempt } of [...this.executes]) this.#takeUp(task, attempt);
  }

  #takeUp(task: TaskId, attempt: number): void {
    if (this.#taskOf(task)?.state !== 'processing') return;
    this.send({ type: 'task-interrupted', task, attempt, worker: 'w2' });
  }

  /** Whoever took it up is told that there is nothing to carry out. */
  #drop(task: TaskId): void {
    this.executes = this.executes.filter((other) => other.task !== task);
  }

  #taskOf(id: TaskId): TaskRun | undefined {
    return this.run.stages[id.split('/')[0]!]?.tasks.find((task) => task.id === id);
  }

  /** A worker begins an attempt, or its model calls a tool. */
  starts(at: number): void {
    const command = this.executes[at];
    if (command === undefined) return;
    const { task, attempt } = command;
    const begun = this.#taskOf(task)?.state === 'processing';
    this.send(
      begun
        ? { type: 'tool-called', ...this.#hold(command), tool: 'math/double' }
        : { type: 'task-started', task, attempt, worker: 'w1' },
    );
    if (!begun) this.everHeld.push(this.#hold(command));
  }

  /** A worker that stops gives an attempt back. */
  releases(at: number): void {
    const command = this.executes[at];
    if (command === undefined || this.#taskOf(command.task)?.state !== 'processing') return;
    this.executes = this.executes.filter((other) => other !== command);
    this.send({ type: 'task-released', ...this.#hold(command) });
  }

  /** What a worker says of an attempt that it does not have any more. */
  isFenced(hold: Hold): void {
    const task = this.#taskOf(hold.task);
    if (task?.work.fence === hold.fence && task.attempt === hold.attempt) return;
    const before = this.run;
    const about = { ...hold, output: 'late', artifacts: [], usage: null, inputDigest: null, reused: false };
    this.send({ type: 'task-succeeded', ...about });
    must(this.run === before, 'what comes under an old fence changes nothing');
  }

  #hold({ task, attempt }: Execute): Hold {
    return { task, attempt, worker: 'w1', fence: this.#taskOf(task)?.work.fence ?? 0 };
  }

  /** An attempt comes to its end, one way or the other. */
  reports(at: number, how: Ending, usd = 0): void {
    const command = this.executes[at];
    if (command !== undefined) this.reportsOn(command, how, usd);
  }

  /** Also by a process that was given up for dead: then another one executes the same attempt. */
  reportsOn(command: Execute, how: Ending, usd = 0): void {
    const { task, attempt } = command;
    const hold = this.#hold(command);
    this.executes = this.executes.filter((other) => other.task !== task || other.attempt !== attempt);
    const usage = { inputTokens: 1, outputTokens: 1, usd };
    if (how === 'gives') {
      const output = `${task}#${attempt}`;
      this.send({
        type: 'task-succeeded',
        ...hold,
        output,
        artifacts: [],
        usage,
        inputDigest: null,
        reused: false,
      });
    } else {
      const code = how === 'doubts' ? OUTCOME_UNKNOWN : 'PROVIDER_UNAVAILABLE';
      const error = { code, message: 'down', retryable: how === 'fails' };
      this.send({ type: 'task-failed', ...hold, error, usage });
    }
  }

  endActionReports(at: number, how: Ending): void {
    const [command] = this.endActions.splice(at, 1);
    if (command === undefined) return;
    const { index, attempt } = command;
    const fence = this.run.endActions[index]?.fence ?? 0;
    if (how === 'gives') this.send({ type: 'end-action-succeeded', index, attempt, fence, output: null });
    else {
      const code = how === 'doubts' ? OUTCOME_UNKNOWN : 'UPSTREAM_DOWN';
      const error = { code, message: 'down', retryable: how === 'fails' };
      this.send({ type: 'end-action-failed', index, attempt, fence, error });
    }
  }

  /** A timer comes, at its time or later; or too early, when `at` says so. */
  fires(timer: Timer): void {
    if (timer.at > this.now) this.now = timer.at;
    this.timers = this.timers.filter((other) => other !== timer);
    this.send({ type: 'timer-fired', timer });
  }

  #take(command: RunCommand): void {
    switch (command.type) {
      case 'execute':
        this.executes.push(command);
        this.everExecuted.push(command);
        return;
      case 'abort':
        this.executes = this.executes.filter(({ task }) => task !== command.task);
        return;
      case 'set-timer':
        this.timers.push(command.timer);
        this.everTimed.push(command.timer);
        return;
      case 'execute-end-action':
        this.endActions.push(command);
    }
  }

  #checkFacts(before: Run, facts: RunFact[]): void {
    const states = new Map<TaskId, TaskState>();
    const stateOf = (task: TaskId): TaskState =>
      states.get(task) ??
      before.stages[task.split('/')[0]!]?.tasks.find(({ id }) => id === task)?.state ??
      'pending';
    for (const fact of facts) {
      if (fact.type === 'stage.reset' || fact.type === 'changes.requested') {
        for (const { id, state } of before.stages[fact.stage]?.tasks ?? []) {
          const again =
            fact.type === 'stage.reset'
              ? fact.reason !== 'retry' || state !== 'done'
              : fact.tasks.includes(id);
          if (again) states.set(id, 'pending');
        }
      }
      if (fact.type === 'approval.completed' || fact.type === 'approval.kept')
        this.#once(`approval ${fact.stage} ${fact.round}`);
      if (fact.type === 'changes.requested') this.#once(`approval ${fact.stage} ${fact.round}`);
      if (fact.type === 'stage.completed' || fact.type === 'stage.started') {
        this.#once(`${fact.type} ${fact.stage} ${fact.round}`);
      }
      this.#checkDoubts(fact);
      const way = TASK_WAYS[fact.type];
      if (way === undefined || !('task' in fact)) continue;
      must(way.from.includes(stateOf(fact.task)), `${fact.type} of ${fact.task} from ${stateOf(fact.task)}`);
      const isPending =
        (fact.type === 'task.failed' && fact.retryAt !== null) ||
        (fact.type === 'review.resolved' && fact.outcome === 'repeat');
      states.set(fact.task, isPending ? 'pending' : way.to);
      this.#checkAttempt(fact);
    }
  }

  /** Every attempt has a number of its own: the next one is one more, whatever happened in between. */
  #checkAttempt(fact: Extract<RunFact, { task: TaskId }>): void {
    const last = this.#attempts.get(fact.task) ?? 0;
    if (fact.type === 'task.queued' || fact.type === 'input.kept')
      must(fact.attempt === last + 1, `attempt ${fact.attempt} of ${fact.task} after ${last}`);
    if (fact.type === 'task.queued' || fact.type === 'input.requested' || fact.type === 'input.kept')
      this.#attempts.set(fact.task, last + 1);
    else if ('attempt' in fact)
      must(fact.attempt === last, `${fact.type} of attempt ${fact.attempt}, not ${last}`);
  }

  /** What may have had its effect is not done again unless somebody says so. */
  #checkDoubts(fact: RunFact): void {
    switch (fact.type) {
      case 'review.requested':
        return void this.#doubts.add(fact.task);
      case 'end-action.doubted':
        return void this.#doubts.add(`end-action:${fact.index}`);
      case 'review.resolved':
      case 'task.cancelled':
        return void this.#doubts.delete(fact.task);
      case 'end-action.resolved':
        return void this.#doubts.delete(`end-action:${fact.index}`);
      case 'task.queued':
        return must(!this.#doubts.has(fact.task), `${fact.task} was made again in doubt`);
      case 'end-action.started':
        return must(!this.#doubts.has(`end-action:${fact.index}`), `end action ${fact.index} again in doubt`);
      case 'run.upgraded':
      case 'stage.reset':
        return must(
          (fact.type === 'stage.reset' && fact.reason === 'retry') || this.#doubts.size === 0,
          `${fact.type} in doubt`,
        );
      default:
        return;
    }
  }

  #once(what: string): void {
    must(!this.#completed.has(what), `${what} happened twice`);
    this.#completed.add(what);
  }

  #checkRun(before: Run, facts: RunFact[]): void {
    const { run, plan } = this;
    must(
      before.state === run.state || RUN_WAYS[before.state].includes(run.state),
      `${before.state} -> ${run.state}`,
    );
    for (const [id, { tasks, tally, state }] of Object.entries(run.stages)) {
      const count = (...states: TaskState[]): number =>
        tasks.filter((task) => states.includes(task.state)).length;
      must(tally.total === tasks.length - count('skipped'), `total of ${id}`);
      must(tally.left === tally.total - count('done'), `left of ${id}`);
      must(tally.reviews === tasks.filter(({ review }) => review !== null).length, `reviews of ${id}`);
      must(tally.active === count('queued', 'processing'), `active of ${id}`);
      const planned = plan.stages.find((stage) => stage.id === id);
      const most = planned?.mode === 'manual' ? Infinity : (planned?.forEach?.concurrency ?? 1);
      must(tally.active <= most, `concurrency of ${id}`);
      for (const { id: task, state: taskState, work } of tasks) {
        const cutOff = work.interruptions;
        must(taskState !== 'processing' || cutOff < MAX_INTERRUPTIONS, `${task} was taken up too often`);
        must(
          (taskState === 'processing') === (work.since !== null),
          `${task} is ${taskState} since ${work.since}`,
        );
      }
      if (state === 'done') must(tally.left === 0, `${id} is done with ${tally.left} tasks left`);
    }
    if (
      !facts.some(
        ({ type }) => type === 'stage.reset' || type === 'changes.requested' || type === 'run.upgraded',
      )
    ) {
      must(progress(plan, run) >= progress(plan, before), 'progress fell');
    }
    must((progress(plan, run) === 100) === (run.state === 'done'), '100 percent means done');
    const wanted = outstanding(plan, run).flatMap((each) =>
      each.type === 'execute' ? `${each.task}#${each.attempt}` : [],
    );
    const known = new Set(this.executes.map(({ task, attempt }) => `${task}#${attempt}`));
    for (const each of wanted)
      must(known.has(each), `${each} is outstanding, but nobody was asked to execute it`);
    if (run.state !== 'done') {
      for (const each of known)
        must(wanted.includes(each), `${each} is being executed, but is not outstanding`);
    }
  }
}

function must(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`Rule broken: ${rule}.`);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** The facts as they come back from a store, which keeps their short form. */
function asKept(facts: RunFact[]): RunFact[] {
  const back = wholeFacts(JSON.parse(JSON.stringify(shortFacts(facts))) as ShortFact[]);
  must(JSON.stringify(back) === JSON.stringify(facts), 'the short form of the facts tells all of them');
  return back;
}
