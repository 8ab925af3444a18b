import { artifactsIn } from './artifacts-named.ts';
import { compared, partial, same, under } from './difference.ts';
import { differencesAt } from './path-expectations.ts';
import { callDifferences, promptDifferences } from './prompt-expectations.ts';
import { parsePath, pick } from '../template/value-path.ts';
import type { Found, Spot } from './difference.ts';
import type { AskedEndAction } from './asked-end-actions.ts';
import type { NamedArtifact } from './artifacts-named.ts';
import type { RecordedAnswers } from './replay-answers.ts';
import type { ContractViolation, Isolation } from '../ports/isolation.ts';
import type { ExpectedArtifact, ExpectedStage, ReplayExpectations } from '../template/test-file.ts';
import type { RunView, StageView } from '../run/view.ts';
import type { Json, JsonSchema } from '../vocabulary.ts';

/** What a case is held against. */
export interface Outcome {
  run: RunView;
  answers: RecordedAnswers;
  endActions: AskedEndAction[];
  isolation: Isolation;
}

const ROOT: Spot = { path: '', at: '/expect' };
const spotOf = (name: keyof ReplayExpectations): Spot => under(ROOT, name);

/** What is not as expected, in the order of the format. */
export async function differencesOf(expect: ReplayExpectations, outcome: Outcome): Promise<Found[]> {
  const { run, answers } = outcome;
  const found = stateDifferences(expect, run);
  for (const [id, wanted] of Object.entries(expect.stages ?? {})) {
    const stage = run.stages.find((candidate) => candidate.id === id);
    found.push(...stageDifferences(under(spotOf('stages'), id), wanted, stage));
  }
  if (expect.outputs !== undefined) found.push(...partial(spotOf('outputs'), expect.outputs, run.outputs));
  const seen = seenRun(run);
  for (const [path, wanted] of Object.entries(expect.values ?? {}))
    found.push(...differencesAt(seen, { path, wanted, at: under(spotOf('values'), path).at }));
  for (const [path, schema] of Object.entries(expect.contracts ?? {}))
    found.push(...(await contractDifferences(path, schema, { seen, isolation: outcome.isolation })));
  if (expect.artifacts !== undefined) found.push(...artifactDifferences(expect.artifacts, artifactsIn(run)));
  for (const [id, wanted] of Object.entries(expect.prompts ?? {}))
    found.push(...promptDifferences(under(spotOf('prompts'), id), wanted, answers.prompts(id)));
  for (const [id, wanted] of Object.entries(expect.calls ?? {}))
    found.push(...callDifferences(under(spotOf('calls'), id), wanted, answers.calls(id)));
  if (expect.cost !== undefined) found.push(...costDifferences(expect.cost, run, answers.isPriced));
  if (expect.endActions !== undefined)
    found.push(...endActionDifferences(expect.endActions, outcome.endActions));
  return found;
}

function stateDifferences({ state, error }: ReplayExpectations, run: RunView): Found[] {
  const found: Found[] = [];
  if (state !== undefined && state !== run.state) {
    const why = run.error === null ? '' : ` (${run.error.code}: ${run.error.message})`;
    const message = `is "${run.state}"${why}, expected "${state}"`;
    found.push({ ...compared(spotOf('state'), state, run.state), message });
  }
  if (error !== undefined) found.push(...same(spotOf('error'), error, run.error?.code ?? null));
  return found;
}

function stageDifferences(spot: Spot, wanted: ExpectedStage, stage: StageView | undefined): Found[] {
  if (stage === undefined) return [{ ...spot, message: 'is not in the run' }];
  const { state, round, tasks, output, error } = wanted;
  return [
    ...(state === undefined ? [] : same(under(spot, 'state'), state, stage.state)),
    ...(round === undefined ? [] : same(under(spot, 'round'), round, stage.round)),
    ...(tasks === undefined ? [] : same(under(spot, 'tasks'), tasks, stage.tasks.length)),
    ...(error === undefined ? [] : same(under(spot, 'error'), error, stage.error?.code ?? null)),
    ...(output === undefined ? [] : partial(under(spot, 'output'), output, stage.output)),
  ];
}

/** The run as paths of `values` and `contracts` see it. */
function seenRun({ inputs, outputs, stages }: RunView): Json {
  const byId = stages.map(({ id, state, round, tasks, output, error }) => [
    id,
    { state, round, tasks: tasks.length, output, error: error?.code ?? null },
  ]);
  return { inputs, outputs, stages: Object.fromEntries(byId) as Json };
}

async function contractDifferences(
  path: string,
  schema: JsonSchema,
  { seen, isolation }: { seen: Json; isolation: Isolation },
): Promise<Found[]> {
  const { at } = under(spotOf('contracts'), path);
  const picked = pickedAt(path, seen);
  if (picked.length === 0) return [{ path, at, message: 'has no item' }];
  const found: Found[] = [];
  for (const { path: where, value } of picked) {
    if (value === undefined) found.push({ path: where, at, message: 'is missing' });
    else found.push(...(await isolation.validate(schema, value)).map((one) => broken(where, at, one)));
  }
  return found;
}

function broken(path: string, at: string, { message }: ContractViolation): Found {
  return { path, at, message: `breaks the contract: ${message}` };
}

function pickedAt(path: string, seen: Json) {
  return pick(seen, parsePath(path) ?? []);
}

function artifactDifferences(
  { count, include = [] }: NonNullable<ReplayExpectations['artifacts']>,
  artifacts: NamedArtifact[],
): Found[] {
  const spot = spotOf('artifacts');
  const names = artifacts.map(({ name, type }) => `${name} (${type})`).join(', ');
  const found = count === undefined ? [] : same(under(spot, 'count'), count, artifacts.length);
  for (const [index, wanted] of include.entries()) {
    if (artifacts.some((artifact) => matches(artifact, wanted))) continue;
    const message = `is not among the files: ${names === '' ? 'there are none' : names}`;
    found.push({
      path: `artifacts.include[${index}]`,
      at: `${spot.at}/include/${index}`,
      message,
      expected: { ...wanted },
    });
  }
  return found;
}

function matches(artifact: NamedArtifact, wanted: ExpectedArtifact): boolean {
  return Object.entries(wanted).every(([key, value]) => artifact[key as keyof ExpectedArtifact] === value);
}

function costDifferences(
  { maxUsd, maxTokens }: NonNullable<ReplayExpectations['cost']>,
  { spent }: RunView,
  isPriced: boolean,
): Found[] {
  const spot = spotOf('cost');
  const tokens = spent.inputTokens + spent.outputTokens;
  const unknown = { message: 'is not known: a recorded usage has no `usd`' };
  return [
    ...(maxUsd === undefined || isPriced ? [] : [{ ...under(spot, 'maxUsd'), ...unknown, expected: maxUsd }]),
    ...(isPriced ? atMost(under(spot, 'maxUsd'), maxUsd, spent.usd ?? 0) : []),
    ...atMost(under(spot, 'maxTokens'), maxTokens, tokens),
  ];
}

function atMost(spot: Spot, most: number | undefined, actual: number): Found[] {
  // Sums of prices have digits that mean nothing.
  const rounded = Math.ceil(actual * 1e6 - 1e-6) / 1e6;
  if (most === undefined || rounded <= most) return [];
  const message = `is ${rounded}, expected at most ${most}`;
  return [{ ...spot, message, expected: most, actual: rounded, update: rounded }];
}

function endActionDifferences(
  wanted: NonNullable<ReplayExpectations['endActions']>,
  asked: AskedEndAction[],
): Found[] {
  const broken = asked.flatMap(({ error }, index) =>
    error === null
      ? []
      : [
          {
            path: `endActions[${index}]`,
            at: '/expect/endActions',
            message: `cannot be carried out: ${error}`,
          },
        ],
  );
  const actual = asked.map(({ uses, with: given }) => ({ uses, with: given }));
  return [...broken, ...partial(spotOf('endActions'), wanted, actual)];
}
