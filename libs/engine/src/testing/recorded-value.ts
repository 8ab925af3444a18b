import { answerMissing } from './replay.errors.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import type { Json, StageId, TaskId } from '../vocabulary.ts';

/** Which answer is asked for. All but `index` are 1-based. */
export interface AskedFor {
  stage: StageId;
  round: number;
  /** 0-based position of the item. */
  index: number;
  /** Try within the round. */
  attempt: number;
}

/** What parts a recording by: written with nothing beside it. */
const PARTS = ['rounds', 'tasks', 'tries', 'value', 'error'] as const;
type Part = (typeof PARTS)[number];

/**
 * The value that a recording holds for a try: `{rounds: [...]}` by round, then `{tasks: [...]}` by item, then
 * `{tries: [...]}` by try; the last round and the last try stand for all later ones. `{value: ...}` holds an answer that
 * would be taken for one of these. Throws `TEST_ANSWER_MISSING`.
 */
export function recordedFor(recording: Json, { stage, round, index, attempt }: AskedFor): Json {
  let value = recording;
  const rounds = listUnder(value, 'rounds');
  if (rounds !== null) value = pick(rounds, Math.min(round, rounds.length) - 1, stage, `round ${round}`);
  const tasks = listUnder(value, 'tasks');
  if (tasks !== null) value = pick(tasks, index, stage, `item ${index}`);
  const tries = listUnder(value, 'tries');
  if (tries !== null) value = pick(tries, Math.min(attempt, tries.length) - 1, stage, `try ${attempt}`);
  return value;
}

/** The failure that is recorded; null for an answer. */
export function errorIn(value: Json): StagewrightError | null {
  if (partOf(value) !== 'error') return null;
  const error = (value as { error: Json }).error;
  if (typeof error !== 'object' || error === null || Array.isArray(error)) return null;
  const { code, message, retryable } = error;
  if (typeof code !== 'string') return null;
  return new StagewrightError(code, typeof message === 'string' ? message : code, {
    retryable: retryable === true,
  });
}

/** The answer itself. */
export function unwrapped(value: Json): Json {
  if (partOf(value) !== 'value') return value;
  const inner = (value as { value: Json }).value;
  return partOf(inner) === null ? value : inner;
}

/** An answer as a recording holds it, so that it is read as what it is. */
export function wrapped(answer: Json): Json {
  return partOf(answer) === null ? answer : { value: answer };
}

/** Position of a task's item; 0 for a single task. */
export function indexOfTask(task: TaskId): number {
  return Number(task.split('/')[1] ?? 0);
}

/** The one key of a mapping when it is one of those that part recordings; else null. */
function partOf(value: Json): Part | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const keys = Object.keys(value);
  return keys.length === 1 ? (PARTS.find((part) => part === keys[0]) ?? null) : null;
}

function listUnder(value: Json, part: Part): Json[] | null {
  if (partOf(value) !== part) return null;
  const list = (value as Record<string, Json>)[part];
  return Array.isArray(list) ? list : null;
}

function pick(list: Json[], index: number, stage: StageId, what: string): Json {
  if (index < 0 || index >= list.length) throw answerMissing(stage, `no answer is recorded for ${what}`);
  return list[index] ?? null;
}
