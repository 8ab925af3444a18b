import type { JsonSchema } from '../vocabulary.ts';
import { compileSchema, metaSchemaFault } from './compiler.ts';
import { schemaInvalid, unsafePattern } from './contract.errors.ts';
import type { SchemaProblem } from './contract.errors.ts';
import { below } from './json-pointer.ts';
import { patternFault, patternSize } from './pattern-safety.ts';
import { checkKeywords, subschemas } from './schema-keywords.ts';
import type { Subschema } from './schema-keywords.ts';
import { checkSchemaSize } from './schema-size.ts';

/** States of all patterns of a schema together. */
const MAX_STATES_IN_ALL = 5000;

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
  const patterns = checkPatterns(all.flatMap(patternsOf));
  return patterns.length > 0 ? patterns : checkCompiles(schema as JsonSchema, all);
}

interface PlacedPattern {
  pattern: string;
  pointer: string;
}

function patternsOf({ schema, pointer }: Subschema): PlacedPattern[] {
  const named = Object.keys((schema['patternProperties'] as object | undefined) ?? {}).map((pattern) => ({
    pattern,
    pointer: below(below(pointer, 'patternProperties'), pattern),
  }));
  const own = schema['pattern'];
  return typeof own === 'string' ? [...named, { pattern: own, pointer: below(pointer, 'pattern') }] : named;
}

/** Each pattern on its own, then all different ones together: the time to compile them adds up. */
function checkPatterns(patterns: PlacedPattern[]): SchemaProblem[] {
  const sizes = new Map<string, number>();
  const problems: SchemaProblem[] = [];
  for (const { pattern, pointer } of patterns) {
    if (sizes.has(pattern)) continue;
    const why = patternFault(pattern);
    if (why !== null) problems.push(unsafePattern(pattern, why, pointer));
    sizes.set(pattern, why === null ? patternSize(pattern) : 0);
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    if (total > MAX_STATES_IN_ALL)
      return [unsafePattern(pattern, 'the patterns of the schema together are too large', pointer)];
  }
  return problems;
}

function checkCompiles(schema: JsonSchema, all: Subschema[]): SchemaProblem[] {
  try {
    compileSchema(schema);
    return [];
  } catch (error) {
    const ref = (error as { missingRef?: string }).missingRef;
    if (ref === undefined) return [schemaInvalid((error as Error).message.replace(/\.$/, ''), '')];
    const at = all.find((part) => part.schema['$ref'] === ref);
    return [schemaInvalid(`"${ref}" does not exist in this schema`, below(at?.pointer ?? '', '$ref'))];
  }
}
