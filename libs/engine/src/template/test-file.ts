import { Ajv2020 } from 'ajv/dist/2020.js';
import { CASE_SCHEMA } from './schema/test-schema.ts';
import { checkReferences } from './test-references.ts';
import { readSource } from './source/read-source.ts';
import { Report } from './source/report.ts';
import { headOf, nodeAt } from './source/source-node.ts';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { RecordedDecision } from './schema/test-schema.ts';
import type { Finding } from '../errors/finding.ts';
import type { Place, SourceNode } from './source/source-node.ts';
import type { Plan } from './plan.ts';
import type { Json, JsonObject, JsonSchema } from '../vocabulary.ts';

/** A template test as it was read. */
export interface ReplayCase {
  title: string;
  inputs: JsonObject;
  answers: Record<string, Json>;
  /** What the answers cost, by stage, in the shapes of `answers`. */
  usage: Record<string, Json>;
  decisions: RecordedDecision[];
  expect: ReplayExpectations;
}

export interface ReplayExpectations {
  state?: string;
  /** Code of the run's error. */
  error?: string;
  stages?: Record<string, ExpectedStage>;
  outputs?: JsonObject;
  /** By path from the run: `stages.outline.output.chapters[0].title`. */
  values?: Record<string, Json>;
  contracts?: Record<string, JsonSchema>;
  artifacts?: { count?: number; include?: ExpectedArtifact[] };
  prompts?: Record<string, ExpectedPrompt | ExpectedPrompt[]>;
  calls?: Record<string, ExpectedCall | ExpectedCall[]>;
  cost?: { maxUsd?: number; maxTokens?: number };
  endActions?: Array<{ uses: string; with?: JsonObject }>;
}

export interface ExpectedStage {
  state?: string;
  round?: number;
  tasks?: number;
  output?: Json;
  error?: string;
}

export interface ExpectedArtifact {
  name?: string;
  type?: string;
  mediaType?: string;
  stage?: string;
}

export interface ExpectedPrompt {
  round?: number;
  task?: string;
  contains?: string[];
  lacks?: string[];
  variables?: Record<string, Json>;
  changed?: string[];
}

export interface ExpectedCall {
  round?: number;
  task?: string;
  with: JsonObject;
}

/** A case and the nodes that it was read from: they know where in the file everything stands. */
export interface ReadCase {
  read: ReplayCase | null;
  /** Null when there is nothing to go on with. */
  root: SourceNode | null;
  findings: Finding[];
}

let validator: ValidateFunction | null = null;

/** Reads a test of a template. `read` is null iff there is a finding. Without a plan, names of the template are not checked. */
export function readCase(path: string, bytes: Uint8Array, plan: Plan | null): ReadCase {
  const report = new Report();
  const root = readSource(path, bytes, report);
  if (root !== null && !report.hasErrors()) {
    checkFormat(root, report);
    if (!report.hasErrors()) checkReferences(root, plan, report);
  }
  if (root === null || report.hasErrors()) return { read: null, root, findings: report.sorted() };
  const value = root.value as unknown as Partial<ReplayCase> & Pick<ReplayCase, 'title' | 'expect'>;
  return { read: { inputs: {}, answers: {}, usage: {}, decisions: [], ...value }, root, findings: [] };
}

function checkFormat(root: SourceNode, report: Report): void {
  validator ??= new Ajv2020({ allErrors: true, strict: false, validateSchema: false }).compile(CASE_SCHEMA);
  if (validator(root.value)) return;
  for (const error of validator.errors ?? []) {
    if (error.keyword === 'propertyNames' || error.keyword === 'if') continue;
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
