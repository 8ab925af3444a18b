import type { RecordedAnswers } from './replay-answers.ts';
import type { ReplayExpectations } from '../template/test-file.ts';
import type { RunView, StageView } from '../run/view.ts';
import type { Json } from '../vocabulary.ts';

/** One way in which a run was not as expected. */
export interface Difference {
  /** Where, as in the file: `stages.outline.round`. */
  path: string;
  message: string;
  /** Both present when two values are compared. */
  expected?: Json;
  actual?: Json;
}

/** What is not as expected, in the order of the file. */
export function differencesOf(
  expect: ReplayExpectations,
  run: RunView,
  answers: RecordedAnswers,
): Difference[] {
  const found: Difference[] = [];
  if (expect.state !== undefined && expect.state !== run.state) {
    found.push({ ...compared('state', expect.state, run.state), message: stateMessage(expect.state, run) });
  }
  if (expect.error !== undefined) found.push(...same('error', expect.error, run.error?.code ?? null));
  for (const [id, wanted] of Object.entries(expect.stages ?? {})) {
    const stage = run.stages.find((candidate) => candidate.id === id);
    found.push(...stageDifferences(`stages.${id}`, wanted, stage));
  }
  if (expect.outputs !== undefined) found.push(...partial('outputs', expect.outputs, run.outputs));
  for (const [id, wanted] of Object.entries(expect.prompts ?? {})) {
    found.push(...promptDifferences(`prompts.${id}`, wanted, answers.lastPrompt(id)));
  }
  return found;
}

type ExpectedStage = NonNullable<ReplayExpectations['stages']>[string];

function stageDifferences(path: string, wanted: ExpectedStage, stage: StageView | undefined): Difference[] {
  if (stage === undefined) return [{ path, message: 'is not in the run' }];
  return [
    ...(wanted.state === undefined ? [] : same(`${path}.state`, wanted.state, stage.state)),
    ...(wanted.round === undefined ? [] : same(`${path}.round`, wanted.round, stage.round)),
    ...(wanted.tasks === undefined ? [] : same(`${path}.tasks`, wanted.tasks, stage.tasks.length)),
    ...(wanted.error === undefined ? [] : same(`${path}.error`, wanted.error, stage.error?.code ?? null)),
    ...(wanted.output === undefined ? [] : partial(`${path}.output`, wanted.output, stage.output)),
  ];
}

function promptDifferences(
  path: string,
  wanted: { contains?: string[]; lacks?: string[] },
  prompt: string | null,
): Difference[] {
  if (prompt === null) return [{ path, message: 'was never sent' }];
  const missing = (wanted.contains ?? []).filter((text) => !prompt.includes(text));
  const present = (wanted.lacks ?? []).filter((text) => prompt.includes(text));
  return [
    ...missing.map((text) => ({
      path: `${path}.contains`,
      message: `does not hold ${JSON.stringify(text)}`,
    })),
    ...present.map((text) => ({ path: `${path}.lacks`, message: `holds ${JSON.stringify(text)}` })),
  ];
}

/** A mapping needs only what is expected of it; lists and plain values must be equal, item by item. */
function partial(path: string, expected: Json, actual: Json): Difference[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return [compared(path, expected, actual)];
    return expected.flatMap((item, index) => partial(`${path}[${index}]`, item, actual[index] ?? null));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual))
      return [compared(path, expected, actual)];
    return Object.entries(expected).flatMap(([key, value]) =>
      Object.hasOwn(actual, key)
        ? partial(`${path}.${key}`, value, actual[key] ?? null)
        : [{ path: `${path}.${key}`, message: 'is missing', expected: value }],
    );
  }
  return same(path, expected, actual);
}

function same(path: string, expected: Json, actual: Json): Difference[] {
  return expected === actual ? [] : [compared(path, expected, actual)];
}

function compared(path: string, expected: Json, actual: Json): Difference {
  return { path, message: `is ${shown(actual)}, expected ${shown(expected)}`, expected, actual };
}

function stateMessage(expected: string, run: RunView): string {
  const why = run.error === null ? '' : ` (${run.error.code}: ${run.error.message})`;
  return `is "${run.state}"${why}, expected "${expected}"`;
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
