import {
  createRun,
  decide,
  OUTCOME_UNKNOWN,
  outstanding,
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
import type { JsonObject, TaskId } from '../../../libs/engine/src/vocabulary.ts';
import { Laws, must } from './laws.ts';
import { AUTHOR, BEGIN, lockOf } from './story.ts';

type Execute = Extract<RunCommand, { type: 'execute' }>;
type Hold = Pick<Extract<RunEvent, { type: 'task-released' }>, 'task' | 'attempt' | 'worker' | 'fence'>;
type EndAction = Extract<RunCommand, { type: 'execute-end-action' }>;

/** How an attempt ends: well, badly, for good, or nobody knows how. */
export type Ending = 'gives' | 'fails' | 'breaks' | 'doubts';

/**
 * A process that carries a run's commands out, dies and is replaced, with what must hold at every step checked at
 * every step.
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
  readonly #laws = new Laws();

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
    this.#laws.checkFacts(before, decision.facts);
    for (const command of decision.commands) this.#take(command);
    for (const fact of decision.facts) if (fact.type === 'task.failed') this.#drop(fact.task);
    this.#laws.checkRun({ before, run: this.run, plan, facts: decision.facts, executing: this.executes });
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
