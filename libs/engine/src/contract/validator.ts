import type { ValidateFunction } from 'ajv/dist/2020.js';
import type { ContractViolation } from '../ports/isolation.ts';
import type { Json, JsonSchema } from '../vocabulary.ts';
import { checkSchema } from './check-schema.ts';
import { compileSchema } from './compiler.ts';
import { schemaRefused } from './contract.errors.ts';
import { checkSchemaSize } from './schema-size.ts';
import { checkValueDepth } from './value-size.ts';
import { violationsOf } from './violation.ts';

/** Compiled schemas: by object while the object lives, and by content for plans that are read again and again. */
const CACHED_SCHEMAS = 256;
const byContent = new Map<string, ValidateFunction>();
const byObject = new WeakMap<JsonSchema, ValidateFunction>();

/** The compiled schema, checked before. Throws `SCHEMA_*` or `TEMPLATE_KEY_FORBIDDEN` when the check fails. */
export function validatorOf(schema: JsonSchema): ValidateFunction {
  const known = byObject.get(schema);
  if (known) return known;
  const [tooBig] = checkSchemaSize(schema);
  if (tooBig) throw schemaRefused(tooBig);
  const key = JSON.stringify(schema);
  const validator = byContent.get(key) ?? checkedAndCompiled(schema);
  byContent.delete(key);
  byContent.set(key, validator);
  byObject.set(schema, validator);
  const [oldest] = byContent.keys();
  if (byContent.size > CACHED_SCHEMAS && oldest !== undefined) byContent.delete(oldest);
  return validator;
}

function checkedAndCompiled(schema: JsonSchema): ValidateFunction {
  const [problem] = checkSchema(schema);
  if (problem) throw schemaRefused(problem);
  return compileSchema(schema);
}

/**
 * Validates here and now, without caps of time: for schemas of plugins and of the product itself, and for what has
 * been proven harmless. Throws `OUTPUT_INVALID` for values too deep to look at, `OUTPUT_VALIDATION_BUDGET`
 * for `uniqueItems` over too many objects, `SCHEMA_*` for schemas that fail.
 */
export function validateTrusted(schema: JsonSchema, value: Json): ContractViolation[] {
  checkValueDepth(value);
  const validate = validatorOf(schema);
  if (validate(value)) return [];
  return violationsOf(validate.errors ?? [], value);
}
