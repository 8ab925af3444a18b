import { canonicalJson } from '../template/canonical.ts';
import type { Instant, Json, TaskId } from '../vocabulary.ts';
import type { RunDraft } from './draft.ts';
import { reopen } from './end-of-run.ts';
import type { RunFact } from './fact.ts';
import { settleReviews } from './fold-task.ts';
import { presentTasks } from './run-parts.ts';
import { journalIsBroken } from './run.errors.ts';
import type { LastOutput, StageRun, TaskRun } from './run.ts';
import { noWork } from './task-work.ts';
import { fractionDone, markProgress, moveTask, recount, restartProgress } from './tally.ts';

type Fact<T extends RunFact['type']> = Extract<RunFact, { type: T }>;
type StageFact = Exclude<Extract<RunFact, { stage: string }>, { task: string } | { type: 'run.failed' }>;

/** Folds what happened to a stage or to its gate. */
export function foldStageFact(draft: RunDraft, fact: StageFact, at: Instant): void {
  const stage = draft.stage(fact.stage);
  switch (fact.type) {
    case 'stage.ready':
      stage.state = 'ready';
      return;
    case 'stage.started':
      return foldStarted(draft, fact, at);
    case 'stage.completed':
      stage.output = fact.output;
      stage.asksAgain = false;
      return close(stage, 'done', at);
    case 'stage.skipped':
      stage.output = null;
      for (const { id } of presentTasks(stage)) moveTask(stage, draft.task(id).task, 'skipped');
      return close(stage, 'skipped', at);
    case 'stage.failed':
      stage.error = fact.error;
      return close(stage, 'failed', at);
    case 'stage.cancelled':
      return close(stage, 'cancelled', at);
    case 'stage.reset':
      return foldReset(draft, fact);
    case 'changes.requested':
      return foldChanges(draft, fact, at);
    case 'stage.advanced':
      return; // Who, for people. What follows from it is said by the next fact.
    default:
      foldApproval(stage, fact, at);
  }
}

function foldApproval(
  stage: StageRun,
  fact: Fact<
    'approval.requested' | 'approval.given' | 'approval.escalated' | 'approval.completed' | 'approval.kept'
  >,
  at: Instant,
): void {
  if (fact.type === 'approval.kept') {
    const given = stage.signedOff?.given ?? [];
    stage.approval = { round: fact.round, requestedAt: at, deadline: null, escalated: false, given };
    return;
  }
  if (fact.type === 'approval.requested') {
    stage.state = 'approval_pending';
    stage.output = gatheredOutput(stage);
    stage.approval = {
      round: fact.round,
      requestedAt: at,
      deadline: fact.deadline,
      escalated: false,
      given: [],
    };
    return;
  }
  if (stage.approval === null) throw journalIsBroken(`Stage "${stage.id}" was decided on without a gate.`);
  if (fact.type === 'approval.completed') {
    const { round, signed } = fact;
    stage.signedOff = signed === undefined ? null : { round, ...signed, given: stage.approval.given };
    return;
  }
  stage.approval =
    fact.type === 'approval.escalated'
      ? { ...stage.approval, escalated: true }
      : {
          ...stage.approval,
          given: [...stage.approval.given, { actor: fact.actor, at, comment: fact.comment }],
        };
}

/** What the stage gives: one task's output, or the list in item order. */
export function gatheredOutput(stage: StageRun): Json {
  const tasks = presentTasks(stage);
  return stage.items === null ? (tasks[0]?.output ?? null) : tasks.map((task) => task.output);
}

function close(stage: StageRun, state: 'done' | 'skipped' | 'failed' | 'cancelled', at: Instant): void {
  stage.state = state;
  stage.endedAt = at;
}

function foldStarted(draft: RunDraft, fact: Fact<'stage.started'>, at: Instant): void {
  const stage = draft.stage(fact.stage);
  const before = fractionDone(draft.run);
  const expected = Math.max(1, stage.tally.total);
  draft.replaceTasks(stage, roundTasks(stage, fact.items));
  stage.tally = recount(stage.tasks);
  stage.state = 'running';
  stage.round = fact.round;
  stage.items = fact.items;
  stage.startedAt = at;
  settleReviews(stage);
  if (stage.tally.total !== expected) markProgress(draft.run, before);
}

/**
 * The tasks of a round that begins: those that are done stay so (a retry makes only the others again), new ones are
 * added, and those beyond the list are kept as `skipped`, so that their attempts go on counting if the list grows again.
 */
function roundTasks(stage: StageRun, items: Json[] | null): TaskRun[] {
  const known = new Map(withItems(stage, items).map((task) => [task.id, task]));
  const ids = items === null ? [stage.id] : items.map((_, index) => `${stage.id}/${index}`);
  const tasks = ids.map((id, index) => {
    const task = known.get(id);
    known.delete(id);
    if (task === undefined) return newTask(id, index);
    return task.state === 'skipped' ? { ...task, state: 'pending' as const } : { ...task };
  });
  for (const task of known.values()) tasks.push({ ...unmade(task), state: 'skipped' });
  return tasks;
}

/**
 * The tasks with what they gave last, which goes where its item went: a chapter put in front of the others does not make
 * them new. Each output goes to one task; what nobody claims stays where it was.
 */
function withItems(stage: StageRun, items: Json[] | null): TaskRun[] {
  if (stage.items === null || items === null) return stage.tasks;
  const from = earlierPlaces(stage.items.map(canonicalJson), items.map(canonicalJson));
  const claimed = new Set(from);
  const last = (index: number): LastOutput | null => stage.tasks[index]?.last ?? null;
  const tasks = items.map((_, index): TaskRun => {
    const task = stage.tasks[index] ?? newTask(`${stage.id}/${index}`, index);
    const place = from[index];
    if (place !== undefined) return { ...task, last: last(place) };
    return claimed.has(index) ? { ...task, last: null } : task;
  });
  return [...tasks, ...stage.tasks.slice(items.length)];
}

/** For each item, where it stood before: its own place if it has not moved, else the first that is free. */
function earlierPlaces(before: string[], now: string[]): Array<number | undefined> {
  const free = new Map<string, number[]>();
  for (const [index, item] of before.entries()) {
    if (now[index] !== item) free.set(item, [...(free.get(item) ?? []), index]);
  }
  return now.map((item, index) => (before[index] === item ? index : free.get(item)?.shift()));
}

function newTask(id: TaskId, index: number): TaskRun {
  return {
    id,
    index,
    state: 'pending',
    attempt: 0,
    tries: 0,
    output: null,
    artifacts: [],
    error: null,
    retryAt: null,
    review: null,
    last: null,
    work: noWork(),
    talk: [],
  };
}

/** A task that is to be made again. What it gave stays in `last`. */
function unmade(task: TaskRun): TaskRun {
  return {
    ...task,
    state: 'pending',
    tries: 0,
    output: null,
    artifacts: [],
    error: null,
    retryAt: null,
    review: null,
    work: noWork(),
    talk: [],
  };
}

function foldReset(draft: RunDraft, fact: Fact<'stage.reset'>): void {
  const stage = draft.stage(fact.stage);
  const keep = fact.reason === 'retry';
  // What may have happened outside is not made again before somebody has looked.
  const isKept = (task: TaskRun): boolean => keep && (task.state === 'done' || task.review !== null);
  const again = (task: TaskRun): boolean => task.state !== 'skipped' && !isKept(task);
  draft.replaceTasks(
    stage,
    stage.tasks.map((task) => (again(task) ? unmade(task) : { ...task })),
  );
  stage.tally = recount(stage.tasks);
  stage.state = 'pending';
  stage.round = fact.round;
  stage.output = null;
  stage.error = null;
  stage.startedAt = null;
  stage.endedAt = null;
  stage.approval = null;
  if (fact.reason === 'rerun') stage.asksAgain = true;
  reopen(draft.run);
}

function foldChanges(draft: RunDraft, fact: Fact<'changes.requested'>, at: Instant): void {
  const stage = draft.stage(fact.stage);
  for (const id of fact.tasks) {
    const { task } = draft.task(id);
    moveTask(stage, task, 'pending');
    Object.assign(task, unmade(task));
  }
  stage.tally.next = 0;
  stage.state = 'running';
  stage.round = fact.round + 1;
  stage.output = null;
  stage.approval = null;
  stage.signedOff = null;
  stage.asksAgain = true;
  stage.changes = [
    ...stage.changes,
    { round: fact.round, at, actor: fact.actor, comments: fact.comments, tasks: fact.tasks },
  ];
  restartProgress(draft.run);
}
