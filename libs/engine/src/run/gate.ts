import type { Plan, Gate } from '../template/plan.ts';
import type { Actor, ReviewComment, TaskId } from '../vocabulary.ts';
import { completeStage } from './advance.ts';
import type { Deciding } from './deciding.ts';
import type { RunVerb, Timer } from './event.ts';
import { failStage, finalFailure } from './failing.ts';
import { presentTasks, sameActor, taskOf } from './run-parts.ts';
import * as refuse from './run.errors.ts';
import type { ApprovalRun, StageRun } from './run.ts';
import { checkText, waitingStage } from './requests.ts';
import { signatureOf } from './sign-off.ts';
import type { WaitingStage } from './requests.ts';

/** Most comments that one request for changes carries. */
export const MAX_COMMENTS = 100;

type Decision = Extract<RunVerb, { type: 'approve' | 'request-changes' }>;
interface OpenGate extends WaitingStage {
  gate: Gate;
  approval: ApprovalRun;
}

export function approve(d: Deciding, verb: Extract<RunVerb, { type: 'approve' }>): void {
  const { planned, stage, gate, approval } = openGate(d, verb);
  if (verb.comment !== undefined) checkText(d, 'comment', verb.comment);
  if (!gate.selfApproval && hasStarted(d, verb.actor)) throw refuse.noSelfApproval(d.run.state, stage.id);
  const earlier = approval.given.find(({ actor }) => sameActor(actor, verb.actor));
  if (earlier !== undefined) {
    throw refuse.alreadyApproved(d.run.state, stage.id, { by: earlier.actor, at: earlier.at });
  }
  const about = { stage: stage.id, round: stage.round };
  d.emit({ type: 'approval.given', ...about, actor: verb.actor, comment: verb.comment ?? null });
  if (approval.given.length + 1 < gate.quorum) return;
  const signed = signatureOf(d, gate, stage.output);
  d.emit({ type: 'approval.completed', ...about, by: 'quorum', signed });
  completeStage(d, planned);
}

export function requestChanges(d: Deciding, verb: Extract<RunVerb, { type: 'request-changes' }>): void {
  const { stage, gate } = openGate(d, verb);
  const comments = checkedComments(d, stage, verb.comments);
  const tasks = tasksToRemake(d, stage, verb.tasks, comments);
  if (tasks.length === 0) {
    const message = `Stage "${stage.id}" went over an empty list: nothing can be made again.`;
    throw refuse.conflict(verb.type, d.run.state, message, 'Rerun from the stage that makes the list.');
  }
  if (stage.round >= gate.maxAttempts) throw refuse.lastRound(d.run.state, stage.id, gate.maxAttempts);
  d.emit({
    type: 'changes.requested',
    stage: stage.id,
    round: stage.round,
    actor: verb.actor,
    comments,
    tasks,
  });
}

/** The gate that a decision is about, open in that round, to an actor who may decide. */
function openGate(d: Deciding, verb: Decision): OpenGate {
  const { planned, stage } = waitingStage(d, verb, verb.stage, 'approval_pending');
  if (verb.round !== stage.round) throw staleDecision(d, stage, verb.round);
  const gate = planned.approval!;
  const approval = stage.approval!;
  const approvers = approversOf(gate, approval);
  if (approvers.length > 0 && !approvers.some((rule) => matches(d.plan, rule, verb.actor))) {
    throw refuse.notAnApprover(d.run.state, stage.id, approvers);
  }
  return { planned, stage, gate, approval };
}

/** Says who sent the round back that the decision is about. */
function staleDecision(d: Deciding, stage: StageRun, seen: number): refuse.RunRefused {
  const ended = stage.changes.find(({ round }) => round === seen);
  return refuse.decisionIsStale(
    { state: d.run.state, stage: stage.id, seen, present: stage.round },
    ended === undefined ? null : { by: ended.actor, at: ended.at },
  );
}

/** Who may decide now. Empty: any member. After an escalation, administrators too. */
export function approversOf(gate: Gate, approval: ApprovalRun): string[] {
  const widened = approval.escalated && gate.approvers.length > 0 && !gate.approvers.includes('role:admin');
  return widened ? [...gate.approvers, 'role:admin'] : gate.approvers;
}

function matches(plan: Plan, rule: string, actor: Actor): boolean {
  if (rule === 'codeowners') return plan.owners.some((owner) => isOwner(owner, actor));
  if (rule.startsWith('role:')) return actor.roles?.includes(rule.slice(5)) === true;
  if (rule.startsWith('user:')) return actor.kind === 'user' && actor.id === rule.slice(5);
  return false;
}

/** An owner is named by user id or by role. */
function isOwner(owner: string, actor: Actor): boolean {
  return (actor.kind === 'user' && actor.id === owner) || actor.roles?.includes(owner) === true;
}

/** Four eyes: neither who made the run nor who started it. */
function hasStarted(d: Deciding, actor: Actor): boolean {
  const { createdBy, startedBy } = d.run;
  return sameActor(createdBy, actor) || (startedBy !== null && sameActor(startedBy, actor));
}

function checkedComments(d: Deciding, stage: StageRun, comments: ReviewComment[]): ReviewComment[] {
  const { state } = d.run;
  if (comments.length === 0) {
    throw refuse.wrongRequest(state, 'A request for changes needs a comment.', 'Say what is to be changed.');
  }
  if (comments.length > MAX_COMMENTS) {
    const message = `A request for changes takes at most ${MAX_COMMENTS} comments; these are ${comments.length}.`;
    throw refuse.wrongRequest(state, message, 'Leave the small ones for the next round.');
  }
  return comments.map(({ body, task, path, line }, index) => {
    checkText(d, `comments/${index}/body`, body);
    if (task !== undefined) checkTask(d, stage, task);
    if (path !== undefined) checkPointer(d, `comments/${index}/path`, path);
    if (line !== undefined && !(Number.isSafeInteger(line) && line >= 1)) {
      throw refuse.wrongRequest(
        state,
        `comments/${index}/line must be a line number.`,
        'Lines are counted from 1.',
      );
    }
    return {
      body,
      ...(task === undefined ? {} : { task }),
      ...(path === undefined ? {} : { path }),
      ...(line === undefined ? {} : { line }),
    };
  });
}

function checkPointer(d: Deciding, where: string, path: string): void {
  if (path.length <= 1_000 && (path === '' || path.startsWith('/'))) return;
  throw refuse.wrongRequest(
    d.run.state,
    `${where} must be a JSON pointer.`,
    'Write it as `/chapters/2/title`.',
  );
}

function checkTask(d: Deciding, stage: StageRun, id: TaskId): void {
  const task = taskOf(stage, id);
  if (task === undefined || task.state === 'skipped') throw refuse.unknownTask(d.run.state, stage.id, id);
}

/** Those asked for, else those that the comments name, else all; in item order. */
function tasksToRemake(
  d: Deciding,
  stage: StageRun,
  asked: TaskId[] | undefined,
  comments: ReviewComment[],
): TaskId[] {
  if (asked?.length === 0) {
    throw refuse.wrongRequest(
      d.run.state,
      '"tasks" names no task.',
      'Leave it out to make every task again.',
    );
  }
  for (const id of asked ?? []) checkTask(d, stage, id);
  const named = new Set(asked ?? comments.flatMap(({ task }) => task ?? []));
  const all = presentTasks(stage).map(({ id }) => id);
  return named.size === 0 ? all : all.filter((id) => named.has(id));
}

/** The deadline of a gate has come. A decision that was there first stands. */
export function deadlineDue(d: Deciding, timer: Extract<Timer, { kind: 'deadline' }>): void {
  const planned = d.planned(timer.stage);
  if (planned === undefined || planned.approval === null) return;
  const stage = d.stage(planned.id);
  const { approval } = stage;
  if (stage.state !== 'approval_pending' || approval === null || approval.escalated) return;
  if (approval.round !== timer.round || approval.deadline !== timer.at) return;
  const about = { stage: stage.id, round: stage.round };
  switch (planned.approval.onDeadline) {
    case 'escalate':
      return d.emit({ type: 'approval.escalated', ...about });
    case 'approve':
      d.emit({ type: 'approval.completed', ...about, by: 'deadline' });
      return completeStage(d, planned);
    case 'fail': {
      const message = `Nobody decided on stage "${stage.id}" until ${timer.at}.`;
      return failStage(d, stage.id, finalFailure('APPROVAL_TIMEOUT', message, 'Retry the run to ask again.'));
    }
    case null:
      return;
  }
}
