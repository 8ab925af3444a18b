import { schemaInvalid } from './contract.errors.ts';
import type { SchemaProblem } from './contract.errors.ts';
import { below } from './json-pointer.ts';
import type { Subschema } from './schema-keywords.ts';

/** Names that an object must have and cannot: a misspelt one makes a template that nobody can start, or a stage that nobody can satisfy. */
export function checkRequirements(all: Subschema[]): SchemaProblem[] {
  return all.flatMap(({ schema, pointer }) => {
    const { required, additionalProperties, patternProperties, properties = {} } = schema;
    if (additionalProperties !== false || patternProperties !== undefined || !Array.isArray(required))
      return [];
    if (properties === null || typeof properties !== 'object') return [];
    return required.flatMap((name, index) =>
      typeof name !== 'string' || Object.hasOwn(properties, name)
        ? []
        : [schemaInvalid(message(name), below(below(pointer, 'required'), String(index)))],
    );
  });
}

function message(name: string): string {
  return `"${name}" is required, but no property of that name is declared, and others are not allowed: no value can satisfy this`;
}
