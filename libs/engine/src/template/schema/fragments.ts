import type { Json, JsonObject, JsonSchema } from '../../vocabulary.ts';

/** The parts that the format's JSON Schema is put together from. Titles and descriptions are what an editor shows. */

export function text(title: string, description: string, facts: JsonObject = {}): JsonSchema {
  return { title, description, type: 'string', ...facts };
}

export function choice(title: string, description: string, options: string[]): JsonSchema {
  return { title, description, enum: options };
}

export function whole(title: string, description: string, [minimum, maximum]: [number, number]): JsonSchema {
  return { title, description, type: 'integer', minimum, maximum };
}

export function flag(title: string, description: string, byDefault: boolean): JsonSchema {
  return { title, description, type: 'boolean', default: byDefault };
}

export function list(
  title: string,
  description: string,
  items: JsonSchema,
  facts: JsonObject = {},
): JsonSchema {
  return { title, description, type: 'array', items, maxItems: 100, ...facts };
}

/** A mapping with exactly these keys. */
export function closed(
  title: string,
  description: string,
  properties: Record<string, Json>,
  required: string[] = [],
): JsonSchema {
  return {
    title,
    description,
    type: 'object',
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
    properties,
  };
}

/** A mapping some of whose keys mean nothing without another one. */
export function needing(keys: Record<string, string>, schema: JsonSchema): JsonSchema {
  const dependentRequired: JsonObject = {};
  for (const [key, other] of Object.entries(keys)) dependentRequired[key] = [other];
  return { ...schema, dependentRequired };
}

export function ref(name: string): JsonSchema {
  return { $ref: `#/$defs/${name}` };
}

/** Ids of stages and names of templates. */
export const ID_PATTERN = '^[a-z][a-z0-9_-]{0,63}$';
export const DURATION_PATTERN = '^[1-9][0-9]{0,8}(ms|s|m|h|d)$';
export const SCOPE_PATTERN = '^[a-z][a-z0-9-]{0,31}:[a-z][a-z0-9-]{0,31}$';
export const ACTION_PATTERN = '^[a-z][a-z0-9-]{0,63}/[a-z][a-z0-9-]{0,63}$';
export const VERSION_PATTERN =
  '^(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?(\\+[0-9A-Za-z.-]+)?$';
export const PERSON_PATTERN = '^(role:[a-z][a-z0-9_-]{0,63}|user:[A-Za-z0-9][A-Za-z0-9._@-]{0,127})$';
export const APPROVER_PATTERN =
  '^(role:[a-z][a-z0-9_-]{0,63}|user:[A-Za-z0-9][A-Za-z0-9._@-]{0,127}|codeowners)$';
export const ITEM_NAME_PATTERN = '^[a-z][A-Za-z0-9_]{0,31}$';
export const EXTENDS_PATTERN = '^stages/[a-z][a-z0-9_-]{0,63}$';
export const MODEL_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$';
export const COMMAND_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$';
