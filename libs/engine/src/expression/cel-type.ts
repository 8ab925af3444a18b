import type { Json, JsonSchema } from '../vocabulary.ts';

/**
 * The CEL type of the values that a schema allows; `dyn` when it allows several or says nothing. A `number` is `dyn`: its
 * values are ints and doubles.
 */
export function celTypeOf(schema: JsonSchema | null): string {
  if (schema === null) return 'dyn';
  switch (schema['type']) {
    case 'string':
      return 'string';
    case 'integer':
      return 'int';
    case 'boolean':
      return 'bool';
    case 'object':
      return 'map<string, dyn>';
    case 'array':
      return `list<${itemType(schema['items'])}>`;
    default:
      return 'dyn';
  }
}

function itemType(items: Json | undefined): string {
  if (typeof items !== 'object' || items === null || Array.isArray(items)) return 'dyn';
  const type = celTypeOf(items);
  return type.startsWith('list<') ? 'list<dyn>' : type;
}

/** JSON types that a value of a CEL type can have; null when anything is possible. */
export function jsonTypesOf(celType: string): string[] | null {
  if (celType.startsWith('list')) return ['array'];
  if (celType.startsWith('map')) return ['object'];
  switch (celType) {
    case 'string':
      return ['string'];
    case 'int':
      return ['integer', 'number'];
    case 'double':
      return ['number', 'integer'];
    case 'bool':
      return ['boolean'];
    case 'null':
      return ['null'];
    default:
      return null;
  }
}
