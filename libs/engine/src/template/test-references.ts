import { checkSchema } from '../contract/index.ts';
import { child } from './source/source-node.ts';
import { parsePath } from './value-path.ts';
import type { Report } from './source/report.ts';
import type { MapEntry, Place, SourceNode } from './source/source-node.ts';
import type { Plan } from './plan.ts';

/** What a path of `values` and `contracts` begins with. */
const ROOTS = ['inputs', 'outputs', 'stages'];

/** What a well-formed case refers to: stages, paths, contracts. What is not there would never be checked. */
export function checkReferences(root: SourceNode, plan: Plan | null, report: Report): void {
  const expect = child(root, 'expect');
  if (plan !== null) checkStageNames(root, plan, report);
  for (const [path, entry] of [...entries(child(expect, 'values')), ...entries(child(expect, 'contracts'))])
    checkPath(path, entry.key, { plan, report });
  for (const [, entry] of entries(child(expect, 'contracts'))) checkContract(entry.node, report);
  for (const prompt of promptsIn(expect)) checkVariables(prompt, report);
  const cost = child(expect, 'cost');
  if (cost !== undefined && entries(child(root, 'usage')).length === 0)
    report.error(cost, {
      code: 'TEST_COST',
      message: 'The case expects a cost and records none.',
      hint: 'Say under `usage` what the answers of each stage cost.',
    });
}

function entries(node: SourceNode | undefined): Array<[string, MapEntry]> {
  return node?.kind === 'map' ? [...node.entries] : [];
}

function checkStageNames(root: SourceNode, plan: Plan, report: Report): void {
  const ids = plan.stages.map((stage) => stage.id);
  const expect = child(root, 'expect');
  const maps = [
    child(root, 'answers'),
    child(root, 'usage'),
    child(expect, 'stages'),
    child(expect, 'prompts'),
    child(expect, 'calls'),
  ];
  const places = [
    ...maps.flatMap(keysOf),
    ...namedIn(child(root, 'decisions')),
    ...namedIn(child(child(expect, 'artifacts'), 'include')),
  ];
  for (const { name, place } of places) if (!ids.includes(name)) report.error(place, unknownStage(name, ids));
}

const unknownStage = (name: string, ids: string[]) => ({
  code: 'TEST_UNKNOWN_STAGE',
  message: `The template has no stage "${name}".`,
  hint: `Its stages are: ${ids.join(', ')}.`,
});

function keysOf(node: SourceNode | undefined): Array<{ name: string; place: Place }> {
  return entries(node).map(([name, entry]) => ({ name, place: entry.key }));
}

/** The stages that the items of a list name. */
function namedIn(list: SourceNode | undefined): Array<{ name: string; place: Place }> {
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item) => {
    const stage = child(item, 'stage');
    return typeof stage?.value === 'string' ? [{ name: stage.value, place: stage }] : [];
  });
}

interface Checking {
  plan: Plan | null;
  report: Report;
}

function checkPath(path: string, place: Place, { plan, report }: Checking): void {
  const steps = parsePath(path);
  const [first, stage] = steps ?? [];
  if (steps === null || !ROOTS.includes(String(first)))
    return report.error(place, {
      code: 'TEST_PATH',
      message: `"${path}" is not a path from the run.`,
      hint: `A path begins with ${ROOTS.join(', ')}: \`stages.outline.output.chapters[0].title\`.`,
    });
  const ids = plan?.stages.map(({ id }) => id);
  if (first === 'stages' && ids !== undefined && !ids.includes(String(stage)))
    report.error(place, unknownStage(String(stage), ids));
}

function checkContract(node: SourceNode, report: Report): void {
  const [problem] = checkSchema(node.value);
  if (problem === undefined) return;
  const { message, hint } = problem;
  report.error(node, { code: 'TEST_CONTRACT', message, hint: hint ?? null });
}

function promptsIn(expect: SourceNode | undefined): SourceNode[] {
  return entries(child(expect, 'prompts')).flatMap(([, { node }]) =>
    node.kind === 'list' ? node.items : [node],
  );
}

function checkVariables(prompt: SourceNode, report: Report): void {
  const changed = child(prompt, 'changed');
  const places = [
    ...keysOf(child(prompt, 'variables')),
    ...(changed?.kind === 'list'
      ? changed.items.map((item) => ({ name: String(item.kind === 'scalar' ? item.value : ''), place: item }))
      : []),
  ];
  for (const { name, place } of places) {
    if (parsePath(name) !== null) continue;
    report.error(place, {
      code: 'TEST_PATH',
      message: `"${name}" is not a path of variables.`,
      hint: 'A path begins with what the prompt can name: `inputs.topic`, `feedback[0].body`.',
    });
  }
}
