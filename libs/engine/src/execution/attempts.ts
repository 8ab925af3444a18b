import { cutJson } from './bounds.ts';
import { endActionId } from '../run/index.ts';
import type { AttemptNote, AttemptRecord } from '../ports/run-store.ts';
import type { JournalEntry, RunFact } from '../run/fact.ts';
import type { Failure, Instant, Json, StageId, TaskId, Usage } from '../vocabulary.ts';

/** An attempt as far as the facts tell of it. The rest is in the note that lies beside the entry of its end. */
export interface AttemptStory {
  task: TaskId;
  stage: StageId;
  round: number;
  attempt: number;
  state: AttemptRecord['state'];
  startedAt: Instant;
  endedAt: Instant | null;
  output: Json;
  usage: Usage | null;
  error: Failure | null;
  /** Where its note lies: the version of the entry, and the position among the entry's notes. Null while it goes on. */
  note: { version: number; position: number } | null;
}

type Ending = Extract<
  RunFact,
  {
    type:
      | 'task.completed'
      | 'task.failed'
      | 'task.cancelled'
      | 'review.requested'
      | 'end-action.completed'
      | 'end-action.failed'
      | 'end-action.doubted';
  }
>;

/** Whether the fact ends a try, if one is under way: an entry has one note for each of these, in their order. */
export function endsAttempt(fact: RunFact): fact is Ending {
  switch (fact.type) {
    case 'task.completed':
    case 'task.failed':
    case 'task.cancelled':
    case 'review.requested':
    case 'end-action.completed':
    case 'end-action.failed':
    case 'end-action.doubted':
      return true;
    default:
      return false;
  }
}

/** Id of the work that the fact ends a try at: the task's id, or `end-action:<index>`. */
export function workEndedBy(fact: Ending): string {
  return 'task' in fact ? fact.task : endActionId(fact.index);
}

/** Every attempt that the journal of a run tells of, in the order in which they began. A person's form is none. */
export function attemptsIn(entries: JournalEntry[]): AttemptStory[] {
  const stories = new Set<AttemptStory>();
  const open = new Map<string, AttemptStory>();
  for (const { version, at, facts } of entries) {
    let position = 0;
    for (const fact of facts) {
      const begun = beginning(fact, at);
      if (begun !== null) {
        stories.add(begun);
        open.set(begun.task, begun);
      }
      // Given back by a worker that stops: nobody is at it until another one begins it.
      if (fact.type === 'task.released') stories.delete(open.get(fact.task)!);
      if (!endsAttempt(fact)) continue;
      const story = open.get(workEndedBy(fact));
      if (story !== undefined)
        Object.assign(story, ending(fact), { endedAt: at, note: { version, position } });
      open.delete(workEndedBy(fact));
      position += 1;
    }
  }
  return [...stories];
}

function beginning(fact: RunFact, startedAt: Instant): AttemptStory | null {
  const nothing = { startedAt, endedAt: null, output: null, usage: null, error: null, note: null };
  if (fact.type === 'task.started') {
    const { task, stage, round, attempt } = fact;
    return { task, stage, round, attempt, state: 'processing', ...nothing };
  }
  if (fact.type !== 'end-action.started') return null;
  const task = endActionId(fact.index);
  return { task, stage: task, round: 1, attempt: fact.attempt, state: 'processing', ...nothing };
}

function ending(fact: Ending): Partial<AttemptStory> {
  switch (fact.type) {
    case 'task.completed':
      return { state: 'done', output: fact.output, usage: fact.usage };
    case 'end-action.completed':
      return { state: 'done', output: fact.output };
    case 'task.failed':
    case 'review.requested':
      return { state: 'failed', error: fact.error, usage: fact.usage };
    case 'end-action.failed':
    case 'end-action.doubted':
      return { state: 'failed', error: fact.error };
    case 'task.cancelled':
      return { state: 'cancelled' };
  }
}

/** What the record says beyond the facts of the entry of `at`, which ends the attempt. */
export function noteOf(record: AttemptRecord, at: Instant): AttemptNote {
  const { provider, model, sent, raw, toolCalls, log } = record;
  const note: AttemptNote = {};
  const began = msBetween(record.startedAt, at);
  const ended = msBetween(record.endedAt ?? at, at);
  if (began !== 0) note.began = began;
  if (ended !== 0) note.ended = ended;
  if (provider !== null) note.provider = provider;
  if (model !== null) note.model = model;
  if (sent !== null) note.sent = sent;
  if (raw !== null) note.raw = raw;
  if (toolCalls.length > 0) note.toolCalls = toolCalls;
  if (log.length > 0) note.log = log;
  // A try that was called off has no fact that says what it had cost by then.
  if (record.state === 'cancelled' && record.usage !== null) note.usage = record.usage;
  return note;
}

/** The attempt as people look at it. */
export function attemptRecord(story: AttemptStory, note: AttemptNote | null): AttemptRecord {
  const { task, stage, round, attempt, state, endedAt } = story;
  const known = note ?? {};
  return {
    task,
    stage,
    round,
    attempt,
    state,
    startedAt: known.began === undefined ? startOf(story, note) : earlier(endedAt!, known.began),
    endedAt: endedAt === null ? null : earlier(endedAt, known.ended ?? 0),
    provider: known.provider ?? null,
    model: known.model ?? null,
    sent: known.sent ?? null,
    output: cutJson(story.output),
    raw: known.raw ?? null,
    toolCalls: known.toolCalls ?? [],
    usage: story.usage ?? known.usage ?? null,
    error: story.error,
    log: known.log ?? [],
  };
}

/** A note that does not say when it began: in the very millisecond of its end. Without a note the facts have to do. */
function startOf({ startedAt, endedAt }: AttemptStory, note: AttemptNote | null): Instant {
  return note === null || endedAt === null ? startedAt : endedAt;
}

function msBetween(from: Instant, to: Instant): number {
  return from === to ? 0 : Date.parse(to) - Date.parse(from);
}

function earlier(at: Instant, ms: number): Instant {
  return ms === 0 ? at : new Date(Date.parse(at) - ms).toISOString();
}
