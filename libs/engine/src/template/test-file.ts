import { Ajv2020 } from 'ajv/dist/2020.js';
import { CASE_SCHEMA } from './schema/test-schema.ts';
import { readSource } from './source/read-source.ts';
import { Report } from './source/report.ts';
import { child, headOf, nodeAt } from './source/source-node.ts';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { RecordedDecision } from './schema/test-schema.ts';
import type { Finding } from '../errors/finding.ts';
import type { Place, SourceNode } from './source/source-node.ts';
import type { Plan } from './plan.ts';
import type { Json, JsonObject } from '../vocabulary.ts';

/** A template test as it was read. */
export interface ReplayCase {
  title: string;
  inputs: JsonObject;
  answers: Record<string, Json>;
  decisions: RecordedDecision[];
  expect: ReplayExpectations;
}

export interface ReplayExpectations {
  state?: string;
  /** Code of the run's error. */
  error?: string;
  stages?: Record<string, { state?: string; round?: number; tasks?: number; output?: Json; error?: string }>;
  outputs?: JsonObject;
  prompts?: Record<string, { contains?: string[]; lacks?: string[] }>;
}

let validator: ValidateFunction | null = null;

/** Reads a test of a template. `read` is null iff there is a finding. Without a plan, stage names are not checked. */
export function readCase(
  path: string,
  bytes: Uint8Array,
  plan: Plan | null,
): { read: ReplayCase | null; findings: Finding[] } {
  const report = new Report();
  const root = readSource(path, bytes, report);
  if (root !== null && !report.hasErrors()) {
    checkFormat(root, report);
    if (!report.hasErrors() && plan !== null) checkNames(root, plan, report);
  }
  if (root === null || report.hasErrors()) return { read: null, findings: report.sorted() };
  const value = root.value as unknown as Partial<ReplayCase> & Pick<ReplayCase, 'title' | 'expect'>;
  return { read: { inputs: {}, answers: {}, decisions: [], ...value }, findings: [] };
}

function checkFormat(root: SourceNode, report: Report): void {
  validator ??= new Ajv2020({ allErrors: true, strict: false, validateSchema: false }).compile(CASE_SCHEMA);
  if (validator(root.value)) return;
  for (const error of validator.errors ?? []) {
    if (error.keyword === 'propertyNames') continue;
    report.error(placeOf(error, root), {
      code: 'TEST_SCHEMA',
      message: sentence(error),
      hint: hintOf(error),
    });
  }
}

function placeOf(error: ErrorObject, root: SourceNode): Place {
  const node = nodeAt(root, error.instancePath);
  const key = (error.params as { additionalProperty?: string }).additionalProperty ?? error.propertyName;
  if (key !== undefined && node.kind === 'map') return node.entries.get(key)?.key ?? node;
  return error.keyword === 'required' ? headOf(node) : node;
}

function sentence(error: ErrorObject): string {
  const params = error.params as { additionalProperty?: string };
  if (params.additionalProperty !== undefined)
    return `There is no field "${params.additionalProperty}" here.`;
  const where =
    error.instancePath === '' ? 'The file' : `"${error.instancePath.slice(1).replaceAll('/', '.')}"`;
  return `${where} ${error.message ?? 'is not valid'}.`;
}

function hintOf(error: ErrorObject): string | null {
  if (error.keyword === 'additionalProperties') {
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
    return known.length === 0 ? null : `Allowed are: ${known.join(', ')}.`;
  }
  const { allowedValues } = error.params as { allowedValues?: string[] };
  return allowedValues === undefined ? null : `Allowed are: ${allowedValues.join(', ')}.`;
}

/** A stage that the template does not have would never be checked. */
function checkNames(root: SourceNode, plan: Plan, report: Report): void {
  const ids = plan.stages.map((stage) => stage.id);
  const places = [
    ...keysOf(child(root, 'answers')),
    ...keysOf(child(child(root, 'expect'), 'stages')),
    ...keysOf(child(child(root, 'expect'), 'prompts')),
    ...decidedStages(root),
  ];
  for (const { name, place } of places) {
    if (ids.includes(name)) continue;
    const hint = `Its stages are: ${ids.join(', ')}.`;
    report.error(place, {
      code: 'TEST_UNKNOWN_STAGE',
      message: `The template has no stage "${name}".`,
      hint,
    });
  }
}

function keysOf(node: SourceNode | undefined): Array<{ name: string; place: Place }> {
  return node?.kind === 'map' ? [...node.entries].map(([name, entry]) => ({ name, place: entry.key })) : [];
}

function decidedStages(root: SourceNode): Array<{ name: string; place: Place }> {
  const list = child(root, 'decisions');
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item) => {
    const stage = child(item, 'stage');
    return stage === undefined
      ? []
      : [{ name: JSON.stringify(stage.value).replaceAll(`"`, ``), place: stage }];
  });
}
