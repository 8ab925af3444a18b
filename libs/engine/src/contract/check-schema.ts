import type { JsonSchema } from '../vocabulary.ts';
import { compileSchema, metaSchemaFault } from './compiler.ts';
import { schemaInvalid, unsafePattern } from './contract.errors.ts';
import type { SchemaProblem } from './contract.errors.ts';
import { below } from './json-pointer.ts';
import { patternFault } from './pattern-safety.ts';
import { checkKeywords, subschemas } from './schema-keywords.ts';
import type { Subschema } from './schema-keywords.ts';
import { checkSchemaSize } from './schema-size.ts';

/**
 * Everything that can be wrong with a contract: size, depth, forbidden keys, unknown keywords, references that leave
 * it, unsafe patterns, the meta-schema; compiles it at the end. Never throws; each step guards the next one.
 */
export function checkSchema(schema: unknown): SchemaProblem[] {
  const size = checkSchemaSize(schema);
  if (size.length > 0) return size;
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) {
    return [schemaInvalid('a contract is an object, such as {"type": "object"}', '')];
  }
  const all = subschemas(schema);
  const keywords = checkKeywords(all);
  if (keywords.length > 0) return keywords;
  const fault = metaSchemaFault(schema as JsonSchema);
  if (fault) return [schemaInvalid(fault.message, fault.pointer)];
  const patterns = all.flatMap(checkPatterns);
  return patterns.length > 0 ? patterns : checkCompiles(schema as JsonSchema);
}

function checkPatterns({ schema, pointer }: Subschema): SchemaProblem[] {
  const patterns: Array<[string, string]> = Object.keys(
    (schema['patternProperties'] as object | undefined) ?? {},
  ).map((pattern) => [pattern, below(below(pointer, 'patternProperties'), pattern)]);
  if (typeof schema['pattern'] === 'string') patterns.push([schema['pattern'], below(pointer, 'pattern')]);
  return patterns.flatMap(([pattern, at]) => {
    const why = patternFault(pattern);
    return why === null ? [] : [unsafePattern(pattern, why, at)];
  });
}

function checkCompiles(schema: JsonSchema): SchemaProblem[] {
  try {
    compileSchema(schema);
    return [];
  } catch (error) {
    return [schemaInvalid((error as Error).message.replace(/\.$/, ''), '')];
  }
}
