import type { Plan } from '../template/plan.ts';
import type { Actor, Instant, JsonObject, RunId, RunLock } from '../vocabulary.ts';
import { defaultTitle } from './default-title.ts';
import { retry, rerun, upgrade } from './again.ts';
import { advance } from './advance.ts';
import { Deciding } from './deciding.ts';
import type { Decision } from './deciding.ts';
import { endActionFailed, endActionSucceeded, endActionTaken } from './end-actions.ts';
import type { RunEvent, RunReport, RunVerb } from './event.ts';
import type { RunFact } from './fact.ts';
import { replay } from './fold.ts';
import { approve, requestChanges } from './gate.ts';
import { outlineOf } from './outline.ts';
import {
  taskFailed,
  taskInterrupted,
  taskReleased,
  taskStarted,
  taskSucceeded,
  timerFired,
  toolAnswered,
  toolCalled,
} from './reports.ts';
import { checkVerb } from './requests.ts';
import { resolve } from './review.ts';
import type { Run } from './run.ts';
import { cancel, nextStage, resume, submitInput } from './verbs.ts';

/** What a new run is made of. */
export interface NewRun {
  id: RunId;
  /** Default: the template's title and the first text that it asks for. */
  title?: string;
  /** Complete and valid under the plan's contract. */
  inputs: JsonObject;
  lock: RunLock;
  actor: Actor;
}

/** A draft. It has nothing to carry out until it is started. */
export function createRun(plan: Plan, request: NewRun, now: Instant): Decision {
  const { id, inputs, lock, actor, title = defaultTitle(plan, request.inputs) } = request;
  const facts: RunFact[] = [{ type: 'run.created', title, inputs, lock, actor, outline: outlineOf(plan) }];
  return { run: replay(id, [{ version: 1, at: now, facts }]), facts, commands: [] };
}

/**
 * What follows from an event. Pure: the same plan, run, event and instant give the same decision, and nothing that was
 * given is changed. A verb that does not apply throws `RunRefused`; a report that comes too late gives no facts.
 * For `upgrade` the plan is the new one.
 */
export function decide(plan: Plan, run: Run, event: RunEvent, now: Instant): Decision {
  const d = new Deciding(plan, run, now);
  if (isReport(event)) takeReport(d, event);
  else {
    checkVerb(d, event);
    takeVerb(d, event);
  }
  if (d.hasChanged) advance(d);
  return d.finish();
}

const REPORTS: ReadonlySet<string> = new Set<RunReport['type']>([
  'task-started',
  'task-interrupted',
  'task-released',
  'tool-called',
  'tool-answered',
  'task-succeeded',
  'task-failed',
  'timer-fired',
  'end-action-taken',
  'end-action-succeeded',
  'end-action-failed',
]);

function isReport(event: RunEvent): event is RunReport {
  return REPORTS.has(event.type);
}

function takeReport(d: Deciding, report: RunReport): void {
  switch (report.type) {
    case 'task-started':
      return taskStarted(d, report);
    case 'task-interrupted':
      return taskInterrupted(d, report);
    case 'task-released':
      return taskReleased(d, report);
    case 'tool-called':
      return toolCalled(d, report);
    case 'tool-answered':
      return toolAnswered(d, report);
    case 'task-succeeded':
      return taskSucceeded(d, report);
    case 'task-failed':
      return taskFailed(d, report);
    case 'timer-fired':
      return timerFired(d, report.timer);
    case 'end-action-taken':
      return endActionTaken(d, report);
    case 'end-action-succeeded':
      return endActionSucceeded(d, report);
    case 'end-action-failed':
      return endActionFailed(d, report);
  }
}

function takeVerb(d: Deciding, verb: RunVerb): void {
  switch (verb.type) {
    case 'start':
      return d.emit({ type: 'run.started', actor: verb.actor });
    case 'approve':
      return approve(d, verb);
    case 'request-changes':
      return requestChanges(d, verb);
    case 'submit-input':
      return submitInput(d, verb);
    case 'next-stage':
      return nextStage(d, verb);
    case 'pause':
      return d.emit({ type: 'run.paused', actor: verb.actor, reason: 'asked' });
    case 'resume':
      return resume(d, verb);
    case 'cancel':
      return cancel(d, verb);
    case 'resolve':
      return resolve(d, verb);
    case 'retry':
      return retry(d, verb);
    case 'rerun':
      return rerun(d, verb);
    case 'upgrade':
      return upgrade(d, verb);
  }
}
