import { answersIn } from './answers-in.ts';
import { decisionsIn } from './decisions-in.ts';
import { notRecordable } from './recording.errors.ts';
import { artifactsIn } from '../testing/artifacts-named.ts';
import type { AttemptRecord } from '../ports/run-store.ts';
import type { JournalEntry, RunFact } from '../run/fact.ts';
import type { RunView } from '../run/view.ts';
import type { ExpectedPrompt, ReplayCase, ReplayExpectations } from '../template/test-file.ts';
import type { Json, JsonObject } from '../vocabulary.ts';

/** A run as it was looked at: the view, its whole journal, and its attempts. */
export interface RunOnRecord {
  run: RunView;
  entries: JournalEntry[];
  attempts: AttemptRecord[];
}

/** Characters of a title. */
const LONGEST_TITLE = 200;
/** Files that are named one by one. */
const MOST_FILES = 20;
/** Characters of an output that is expected as it is. */
const SHORT_OUTPUT = 200;

/**
 * A template test that goes as the run went: its inputs, what models, actions and commands gave, what people decided, and
 * where it came out. Of a run that waits, up to where it waits. Throws `TEST_NOT_RECORDABLE` for what a test cannot say:
 * a run that is at work, that was upgraded, or that was cut off in the middle of something.
 */
export function caseOfRun({ run, entries, attempts }: RunOnRecord, title?: string): ReplayCase {
  refuseUnsettled(run, entries);
  const modes = new Map(run.stages.map(({ id, mode }) => [id, mode]));
  const { answers, usage } = answersIn({ entries, attempts, modes });
  return {
    title: (title ?? (run.title === '' ? `A run of ${run.template}` : run.title)).slice(0, LONGEST_TITLE),
    inputs: run.inputs,
    answers,
    usage,
    decisions: decisionsIn(entries),
    expect: expectationsOf(run, entries, Object.keys(usage).length > 0),
  };
}

function refuseUnsettled({ state }: RunView, entries: JournalEntry[]): void {
  if (state === 'draft') throw notRecordable('it has not been started');
  if (state === 'running')
    throw notRecordable('it is at work', 'Wait until it has ended or waits for a person.');
  const pause = factsOf(entries).findLast((fact) => fact.type === 'run.paused');
  if (state === 'paused' && pause?.reason === 'asked')
    throw notRecordable(
      'somebody paused it',
      'Resume it, and wait until it has ended or waits for a person.',
    );
}

function expectationsOf(run: RunView, entries: JournalEntry[], hasUsage: boolean): ReplayExpectations {
  const outputs = outputsOf(run.outputs);
  const artifacts = artifactsIn(run);
  const prompts = promptsOf(run);
  const endActions = run.state === 'done' ? endActionsOf(entries) : null;
  return {
    state: run.state,
    ...(run.error !== null && { error: run.error.code }),
    stages: Object.fromEntries(run.stages.map((stage) => [stage.id, stageOf(stage)])),
    ...(outputs !== null && { outputs }),
    ...(artifacts.length > 0 && {
      artifacts: {
        count: artifacts.length,
        include: artifacts.slice(0, MOST_FILES).map(({ name, type, stage }) => ({ name, type, stage })),
      },
    }),
    ...(Object.keys(prompts).length > 0 && { prompts }),
    ...(hasUsage && { cost: costOf(run, hasPrices(entries)) }),
    ...(endActions !== null && { endActions }),
  };
}

function stageOf({ state, round, tasks, error, approval, changes }: RunView['stages'][number]) {
  const hasRounds = approval !== null || changes.length > 0 || round > 1;
  return {
    state,
    ...(hasRounds && { round }),
    ...(tasks.length > 1 && { tasks: tasks.length }),
    ...(error !== null && { error: error.code }),
  };
}

/** Outputs that are short, and of files what does not change when they are made again. */
function outputsOf(outputs: JsonObject | null): JsonObject | null {
  const kept = Object.entries(outputs ?? {}).flatMap(([name, value]): Array<[string, Json]> => {
    if (isFile(value)) return [[name, { name: value['name'] ?? null, type: value['type'] ?? null }]];
    return JSON.stringify(value).length <= SHORT_OUTPUT ? [[name, value]] : [];
  });
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

function isFile(value: Json): value is JsonObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof value['artifact'] === 'string'
  );
}

/** That what was asked of a stage reached its model, in the round that came of it. */
function promptsOf(run: RunView): Record<string, ExpectedPrompt[]> {
  const sentBack = run.stages.filter(
    ({ mode, tasks, changes }) => mode === 'ai' && tasks.length === 1 && changes.length > 0,
  );
  return Object.fromEntries(
    sentBack.flatMap(({ id, changes, round }) => {
      const asked = changes.filter((change) => change.round < round);
      const prompts = asked.map(({ round: before, comments }): ExpectedPrompt => ({
        round: before + 1,
        variables: Object.fromEntries(comments.map(({ body }, at) => [`feedback[${at}].body`, body])),
      }));
      return prompts.length === 0 ? [] : [[id, prompts]];
    }),
  );
}

/** No price where one of those that it is made of is not known. */
function costOf({ spent }: RunView, isPriced: boolean): NonNullable<ReplayExpectations['cost']> {
  const { usd, inputTokens, outputTokens } = spent;
  return {
    ...(isPriced && usd !== null && { maxUsd: roundedUp(usd) }),
    maxTokens: inputTokens + outputTokens,
  };
}

/** To millionths: sums of prices have digits that mean nothing. */
function roundedUp(usd: number): number {
  return Math.max(0, Math.ceil(usd * 1e6 - 1e-6)) / 1e6;
}

function hasPrices(entries: JournalEntry[]): boolean {
  return factsOf(entries).every(
    (fact) => !('usage' in fact) || fact.usage === null || fact.usage.usd !== null,
  );
}

/** Those that were begun when the run was last done; null when the template has none. */
function endActionsOf(entries: JournalEntry[]): ReplayExpectations['endActions'] | null {
  const facts = factsOf(entries);
  const done = facts.findLastIndex(({ type }) => type === 'run.completed');
  const created = facts.find((fact) => fact.type === 'run.created');
  if (done === -1 || created === undefined || created.outline.endActions.length === 0) return null;
  const begun = new Map<number, string>();
  for (const fact of facts.slice(done))
    if (fact.type === 'end-action.started') begun.set(fact.index, fact.uses);
  return [...begun].sort(([a], [b]) => a - b).map(([, uses]) => ({ uses }));
}

function factsOf(entries: JournalEntry[]): RunFact[] {
  return entries.flatMap(({ facts }) => facts);
}
