import { notRecordable } from './recording.errors.ts';
import { TryBook, written } from './tries.ts';
import { indexOfTask, wrapped } from '../testing/recorded-value.ts';
import type { StageTries } from './tries.ts';
import type { AttemptRecord, ToolCallRecord } from '../ports/run-store.ts';
import type { JournalEntry, RunFact } from '../run/fact.ts';
import type { Failure, Json, JsonObject, StageId, StageMode, TaskId, Usage } from '../vocabulary.ts';

/** What a run is made a case from: its facts, and what the attempts at its loops did. */
export interface TriesOf {
  entries: JournalEntry[];
  attempts: AttemptRecord[];
  modes: ReadonlyMap<StageId, StageMode>;
}

type Ended = Extract<RunFact, { type: 'task.completed' | 'task.failed' }>;

/** What models, actions and commands gave, by stage, and what it cost. Throws `TEST_NOT_RECORDABLE`. */
export function answersIn(run: TriesOf): { answers: Record<StageId, Json>; usage: Record<StageId, Json> } {
  const answers = new TryBook<Json>();
  const usage = new TryBook<Usage | null>();
  let failure: Failure | null = null;
  for (const fact of run.entries.flatMap(({ facts }) => facts)) {
    if (fact.type === 'stage.started')
      for (const book of [answers, usage]) book.began(fact.stage, fact.round, fact.items?.length ?? null);
    if (fact.type === 'run.failed') failure = fact.error;
    if ((fact.type !== 'task.completed' && fact.type !== 'task.failed') || isForm(run, fact.stage)) continue;
    // What is given again is not asked for in a replay either.
    if (fact.type === 'task.completed' && fact.reused) continue;
    const at = { stage: fact.stage, round: fact.round, index: indexOfTask(fact.task) };
    answers.add(at, answerOf(fact, run));
    usage.add(at, fact.usage);
  }
  // What was called off when another task failed gives the same failure: whichever comes first, the run ends alike.
  const missing = failure === null ? null : failed({ ...failure, retryable: false });
  return {
    answers: Object.fromEntries(answers.stages().map(([stage, tries]) => [stage, written(tries, missing)])),
    usage: Object.fromEntries(usage.stages().flatMap(([stage, tries]) => usageOf(stage, tries))),
  };
}

function isForm({ modes }: TriesOf, stage: StageId): boolean {
  return modes.get(stage) === 'manual';
}

function answerOf(fact: Ended, run: TriesOf): Json {
  if (run.modes.get(fact.stage) === 'cli_loop') return loopAnswer(fact, run.attempts);
  return fact.type === 'task.failed' ? failed(fact.error) : wrapped(fact.output);
}

function failed({ code, message, retryable }: Failure): JsonObject {
  return { error: { code, message, ...(retryable && { retryable }) } };
}

/** A loop that came to its end, or gave up, is recorded as what its runs and repairs gave. */
function loopAnswer(fact: Ended, attempts: AttemptRecord[]): Json {
  if (fact.type === 'task.failed' && fact.error.code !== 'CLI_LOOP_GAVE_UP') return failed(fact.error);
  const attempt = attempts.find(({ task, attempt: nth }) => task === fact.task && nth === fact.attempt);
  const calls = attempt?.toolCalls ?? [];
  const runs = partsOf(calls, 'run').map(({ output }) => runOf(output, fact.task));
  if (runs.length === 0) throw notRecordable(`what the command of ${fact.task} gave is not known`);
  const repairs = partsOf(calls, 'repair').map(({ input }) => repairOf(input, fact.task));
  return { runs, ...(repairs.length > 0 && { repairs }) };
}

function partsOf(calls: ToolCallRecord[], part: 'run' | 'repair'): ToolCallRecord[] {
  return calls.filter(({ id }) => new RegExp(`^${part}-\\d+$`).test(id));
}

function runOf(output: Json, task: TaskId): JsonObject {
  if (!isMap(output)) throw notRecordable(`what the command of ${task} printed is too long to be kept`);
  const { exitCode, output: text } = output;
  return {
    ...(exitCode !== 0 && { exitCode: exitCode ?? null }),
    ...(text !== '' && { output: text ?? null }),
  };
}

function repairOf(input: Json, task: TaskId): JsonObject {
  if (!isMap(input)) throw notRecordable(`a repair of ${task} is too long to be kept`);
  return input;
}

function isMap(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nothing where nothing is known to have cost anything. */
function usageOf(stage: StageId, { items, tries }: StageTries<Usage | null>): Array<[StageId, Json]> {
  const all = [...tries.values()].flatMap((round) => [...round.values()].flat());
  if (all.every((one) => one === null)) return [];
  const told = new Map(
    [...tries].map(([round, made]) => [
      round,
      new Map([...made].map(([index, list]) => [index, list.map(toJson)])),
    ]),
  );
  return [[stage, written({ items, tries: told }, toJson(null))]];
}

function toJson(usage: Usage | null): Json {
  if (usage === null) return { inputTokens: 0, outputTokens: 0, usd: 0 };
  const { inputTokens, outputTokens, usd } = usage;
  return { inputTokens, outputTokens, ...(usd !== null && { usd }) };
}
