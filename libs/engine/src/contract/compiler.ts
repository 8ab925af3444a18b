import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../vocabulary.ts';
import { installFormats } from './formats.ts';
import { re2 } from './re2-engine.ts';
import { installUniqueItems } from './unique-items.ts';

/** The one configuration of ajv. No loader, no `$data`, no coercion, no defaults: validating never changes a value. */
function createAjv(): Ajv2020 {
  const regExp = Object.assign((pattern: string) => re2(pattern), { code: 're2' });
  const ajv = new Ajv2020({
    strictSchema: true,
    strictNumbers: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    allErrors: true,
    // Inlining would copy a definition to each of its uses: 64 KiB of schema could become megabytes of code.
    inlineRefs: false,
    ownProperties: true,
    logger: false,
    // What ajv would tidy up, V8 does as well.
    code: { regExp, optimize: false },
  });
  installFormats(ajv);
  installUniqueItems(ajv);
  return ajv;
}

let shared: Ajv2020 | undefined;
const ajv = (): Ajv2020 => (shared ??= createAjv());

/** Every place where a schema does not fit the meta-schema, with the first reason. `$schema` must be sound or absent. */
export function metaSchemaFaults(schema: JsonSchema): Array<{ pointer: string; message: string }> {
  if (ajv().validateSchema(schema) === true) return [];
  const faults = new Map<string, string>();
  for (const error of ajv().errors ?? []) {
    if (!faults.has(error.instancePath)) faults.set(error.instancePath, inWords(error));
  }
  return [...faults].map(([pointer, message]) => ({ pointer, message }));
}

function inWords({ message, params }: ErrorObject): string {
  const { allowedValues } = params as { allowedValues?: unknown[] };
  if (allowedValues !== undefined) return `must be one of ${allowedValues.join(', ')}`;
  return message ?? 'it does not fit the meta-schema';
}

/**
 * Compiles a checked schema. Throws ajv's own error. The caller keeps the result; ajv forgets the schema. Its `$id` is
 * left out: ids are global in ajv, and a contract may not stand in for another one, least of all for the meta-schema.
 */
export function compileSchema(schema: JsonSchema): ValidateFunction {
  const nameless = { ...schema };
  delete nameless['$id'];
  delete nameless['$schema'];
  try {
    return ajv().compile(nameless);
  } finally {
    ajv().removeSchema(nameless);
  }
}
