import type { JsonSchema } from '../vocabulary.ts';
import { checkCircles } from './circular-refs.ts';
import { compileSchema, metaSchemaFaults } from './compiler.ts';
import { schemaInvalid, unsafePattern } from './contract.errors.ts';
import type { SchemaProblem } from './contract.errors.ts';
import { checkRequirements } from './impossible-requirements.ts';
import { below } from './json-pointer.ts';
import { patternFault, patternSize } from './pattern-safety.ts';
import { checkCounts, checkKeywords, subschemas } from './schema-keywords.ts';
import type { Subschema } from './schema-keywords.ts';
import { checkSchemaSize } from './schema-size.ts';

/** States of all patterns of a schema together. */
const MAX_STATES_IN_ALL = 5000;

/** Problems that are told of one schema; who has more mends these first. */
const MAX_PROBLEMS = 50;

/**
 * Everything that can be wrong with a contract: size, depth and forbidden keys first, as they guard what follows; then
 * unknown keywords, references that leave it or go in a circle, the meta-schema, unsafe patterns and names that cannot be there, all at once; compiles it when
 * there is nothing to say. Never throws.
 */
export function checkSchema(schema: unknown): SchemaProblem[] {
  const size = checkSchemaSize(schema);
  if (size.length > 0) return size;
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) {
    return [schemaInvalid('a contract is an object, such as {"type": "object"}', '')];
  }
  const all = subschemas(schema);
  const counts = checkCounts(all);
  if (counts.length > 0) return counts;
  const keywords = checkKeywords(all);
  const problems = [
    ...keywords,
    ...checkMeta(schema as JsonSchema, keywords),
    ...checkPatterns(all.flatMap(patternsOf)),
    ...checkCircles(all),
    ...checkRequirements(all),
  ];
  return problems.length > 0 ? problems.slice(0, MAX_PROBLEMS) : checkCompiles(schema as JsonSchema, all);
}

/** Leaves out what was said of the same place already. */
function checkMeta(schema: JsonSchema, known: SchemaProblem[]): SchemaProblem[] {
  const said = new Set(known.map(({ pointer }) => pointer));
  // Another meta-schema than ours is refused; ajv would look for it.
  if (said.has('/$schema')) return [];
  return metaSchemaFaults(schema)
    .filter(({ pointer }) => !said.has(pointer))
    .map(({ pointer, message }) => schemaInvalid(message, pointer));
}

interface PlacedPattern {
  pattern: string;
  pointer: string;
}

function patternsOf({ schema, pointer }: Subschema): PlacedPattern[] {
  const { patternProperties, pattern: own } = schema;
  const isMap = typeof patternProperties === 'object' && !Array.isArray(patternProperties);
  const named = Object.keys((isMap ? patternProperties : null) ?? {}).map((pattern) => ({
    pattern,
    pointer: below(below(pointer, 'patternProperties'), pattern),
  }));
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
