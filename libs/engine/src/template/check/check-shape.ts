import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../../vocabulary.ts';
import { MANIFEST_SCHEMA } from '../schema/manifest-schema.ts';
import { SCHEMA_ID, templateSchema } from '../schema/template-schema.ts';
import type { Report } from '../source/report.ts';
import { headOf, nodeAt } from '../source/source-node.ts';
import type { SourceNode } from '../source/source-node.ts';
import { shapeFault, unknownFieldFault } from './shape.errors.ts';

/** Which part of the format a node must be. */
export type ShapeName = 'template' | 'stage' | 'stageFile' | 'manifest';

/** Faults of one node that are reported; the others say the same again. */
const MAX_FAULTS = 200;

const POINTERS: Record<Exclude<ShapeName, 'manifest'>, string> = {
  template: '',
  stage: '#/$defs/plainStage',
  stageFile: '#/$defs/stageFile',
};

let format: Ajv2020 | undefined;
const validators = new Map<ShapeName, ValidateFunction>();

/** Each compiled when it is first asked for, once per process: all templates share them. */
function validatorFor(shape: ShapeName): ValidateFunction {
  const validator = validators.get(shape) ?? compile(shape);
  validators.set(shape, validator);
  return validator;
}

function compile(shape: ShapeName): ValidateFunction {
  format ??= createAjv().addSchema(templateSchema());
  return format.compile(shape === 'manifest' ? MANIFEST_SCHEMA : { $ref: SCHEMA_ID + POINTERS[shape] });
}

/** The schemas are our own and tested to be sound: they are not checked at every start. */
function createAjv(): Ajv2020 {
  return new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: false,
    ownProperties: true,
    validateSchema: false,
    // Compiled anew in every process: half the time, and validating is as fast.
    inlineRefs: false,
    code: { optimize: false },
  });
}

/** Checks a node against the format, and reports every field that is unknown, missing or of the wrong make. */
export function checkShape(node: SourceNode, shape: ShapeName, report: Report): boolean {
  const validate = validatorFor(shape);
  if (validate(node.value)) return true;
  const errors = (validate.errors ?? [])
    .filter((error) => !COMPOSING.has(error.keyword) && !hasCheckOfItsOwn(error))
    .slice(0, MAX_FAULTS);
  for (const error of errors) reportError(error, { root: node, shape }, report);
  return false;
}

const ROOTS: Record<ShapeName, string> = {
  template: 'The file',
  stage: 'The stage',
  stageFile: 'The file',
  manifest: 'The file',
};

/** What an editor learns from the schema alone, and a check says better: it names the key that is pointless, or the contract. */
function hasCheckOfItsOwn({ keyword, schemaPath }: ErrorObject): boolean {
  return keyword === 'dependentRequired' || /^#\/properties\/inputs\/(required|properties)/.test(schemaPath);
}

/** Keywords that only say that a keyword below them failed. */
const COMPOSING = new Set(['if', 'allOf', 'anyOf', 'oneOf', 'propertyNames', '$ref']);

function reportError(
  error: ErrorObject,
  { root, shape }: { root: SourceNode; shape: ShapeName },
  report: Report,
): void {
  const node = nodeAt(root, error.instancePath);
  if (!report.isSound(node) && node.kind === 'scalar') return;
  if (error.keyword === 'additionalProperties') {
    const name = String(error.params['additionalProperty']);
    const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as JsonSchema);
    const key = node.kind === 'map' ? node.entries.get(name)?.key : undefined;
    report.error(key ?? node, unknownFieldFault(name, known, node));
    return;
  }
  if (error.propertyName !== undefined) {
    const key = node.kind === 'map' ? node.entries.get(error.propertyName)?.key : undefined;
    report.error(key ?? node, shapeFault(error, node, error.propertyName));
    return;
  }
  const label = error.instancePath.split('/').at(-1) || ROOTS[shape];
  const place = error.keyword === 'required' ? headOf(node) : node;
  report.broken(node, shapeFault(error, node, label), place);
}
