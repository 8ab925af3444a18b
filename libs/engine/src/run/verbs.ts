import type { RunVerb } from './event.ts';
import { begin, isOverBudget, settle } from './advance.ts';
import type { Deciding } from './deciding.ts';
import { cancelStage } from './failing.ts';
import { checkText, knownStage, waitingStage } from './requests.ts';
import * as refuse from './run.errors.ts';
import { presentTasks, taskOf } from './run-parts.ts';
import type { StageRun, TaskRun } from './run.ts';
import { digestOfForm } from './sign-off.ts';
import { timersOf } from './timers.ts';

type Verb<T extends RunVerb['type']> = Extract<RunVerb, { type: T }>;

/** Tasks that wait for their retry had no timer while the run was paused; they get one again. */
export function resume(d: Deciding, verb: Verb<'resume'>): void {
  const budgetUsd = newBudget(d, verb.budgetUsd);
  d.emit({ type: 'run.resumed', actor: verb.actor, ...(budgetUsd === undefined ? {} : { budgetUsd }) });
  setTimers(d);
}

/** What a person names; without a figure, "go on" after a budget grants what the template grants once more. */
function newBudget(d: Deciding, asked: number | undefined): number | undefined {
  const spent = d.run.spent.usd ?? 0;
  if (asked === undefined) {
    if (d.run.pausedFor !== 'budget' || d.run.budgetUsd === null || !isOverBudget(d)) return undefined;
    return spent + (d.plan.budget?.usd ?? d.run.budgetUsd);
  }
  if (Number.isFinite(asked) && asked > spent) return asked;
  throw refuse.wrongRequest(
    d.run.state,
    `The new budget must be above what is spent: ${spent.toFixed(4)} USD.`,
    'Name a higher budget, or cancel the run.',
    { spent },
  );
}

/** Sets every timer that the run waits for: after a time in which they were not kept. */
export function setTimers(d: Deciding): void {
  for (const timer of timersOf(d.plan, d.run)) d.command({ type: 'set-timer', timer });
}

export function cancel(d: Deciding, verb: Verb<'cancel'>): void {
  const reason = verb.reason ?? '';
  if (reason !== '') checkText(d, 'reason', reason);
  for (const { id } of d.plan.stages) {
    const { state } = d.stage(id);
    if (state !== 'done' && state !== 'skipped' && state !== 'failed') cancelStage(d, id);
  }
  d.emit({ type: 'run.cancelled', actor: verb.actor, reason });
}

export function nextStage(d: Deciding, verb: Verb<'next-stage'>): void {
  const { planned, stage } =
    verb.stage === undefined ? onlyReady(d, verb) : waitingStage(d, verb, verb.stage, 'ready');
  d.emit({ type: 'stage.advanced', stage: stage.id, round: stage.round, actor: verb.actor });
  begin(d, planned);
}

function onlyReady(d: Deciding, verb: Verb<'next-stage'>): ReturnType<typeof knownStage> {
  const ready = d.plan.stages.filter(({ id }) => d.stage(id).state === 'ready').map(({ id }) => id);
  const [first] = ready;
  if (first === undefined) {
    const hint = 'A stage is ready when the stage before it has `advance: manual` and is done.';
    throw refuse.conflict(verb.type, d.run.state, 'No stage waits for "next-stage".', hint);
  }
  if (ready.length === 1) return knownStage(d, first);
  throw refuse.wrongRequest(
    d.run.state,
    `Several stages wait: ${ready.join(', ')}.`,
    'Name one of them as "stage".',
    {
      stages: ready,
    },
  );
}

/** The input was checked against the form before. */
export function submitInput(d: Deciding, verb: Verb<'submit-input'>): void {
  const { planned, stage } = waitingStage(d, verb, verb.stage, 'input_pending');
  const asked = askedTask(d, stage, verb);
  const { id: task, attempt } = asked;
  const about = { stage: stage.id, round: stage.round, task };
  d.emit({ type: 'input.submitted', ...about, actor: verb.actor });
  d.emit({
    type: 'task.completed',
    ...about,
    attempt,
    output: verb.input,
    artifacts: [],
    usage: null,
    inputDigest: planned.mode === 'manual' ? digestOfForm(d, planned, asked) : null,
    reused: false,
  });
  if (d.stage(stage.id).tally.left === 0) settle(d, planned);
}

function askedTask(d: Deciding, stage: StageRun, verb: Verb<'submit-input'>): TaskRun {
  const { state } = d.run;
  if (verb.task !== undefined) {
    const task = taskOf(stage, verb.task);
    if (task === undefined || task.state === 'skipped') throw refuse.unknownTask(state, stage.id, verb.task);
    if (task.state === 'queued') return task;
    const message = `Task "${task.id}" has its input already.`;
    throw refuse.conflict(verb.type, state, message, 'Load the run again to see what it waits for.');
  }
  const asked = presentTasks(stage).filter((task) => task.state === 'queued');
  if (asked.length === 1) return asked[0]!;
  const tasks = asked.map(({ id }) => id);
  throw refuse.wrongRequest(
    state,
    `Stage "${stage.id}" waits for ${asked.length} inputs.`,
    'Name the task.',
    { tasks },
  );
}
