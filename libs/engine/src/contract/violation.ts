import type { ErrorObject } from 'ajv/dist/2020.js';
import type { ContractViolation } from '../ports/isolation.ts';
import type { Json } from '../vocabulary.ts';
import { below, segmentsOf } from './json-pointer.ts';

/** Violations that are told; a value that breaks everything would else fill the log. */
export const MAX_VIOLATIONS = 100;
/** Values of an enum that are listed in full. */
const LISTED_VALUES = 12;

/** Ajv's errors in words for people: `chapters/2/title is required`. */
export function violationsOf(errors: ErrorObject[], value: Json): ContractViolation[] {
  // A choice that failed is told once; what each of its branches wanted would drown it.
  const choices = errors
    .filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
    .map((error) => `${error.schemaPath}/`);
  const told = errors.filter(
    ({ schemaPath, keyword }) => keyword !== 'if' && !choices.some((choice) => schemaPath.startsWith(choice)),
  );
  return told.slice(0, MAX_VIOLATIONS).map((error) => {
    const path = pathOf(error);
    const name = segmentsOf(path).join('/') || 'the value';
    return { path, keyword: error.keyword, message: `${name} ${said(error, value)}` };
  });
}

function pathOf({ instancePath, keyword, params }: ErrorObject): string {
  const facts = params as Record<string, unknown>;
  const names: Record<string, unknown> = {
    required: facts['missingProperty'],
    dependentRequired: facts['missingProperty'],
    additionalProperties: facts['additionalProperty'],
    unevaluatedProperties: facts['unevaluatedProperty'],
    propertyNames: facts['propertyName'],
  };
  const name = names[keyword];
  return typeof name === 'string' ? below(instancePath, name) : instancePath;
}

const TYPE_NAMES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

const FORMAT_NAMES: Record<string, string> = {
  date: 'a date such as 2026-11-21',
  time: 'a time such as 09:30:00Z',
  'date-time': 'a date and time such as 2026-11-21T09:30:00Z',
  email: 'an e-mail address',
  uri: 'a full address such as https://example.org/',
  uuid: 'a UUID',
  artifact: 'the id of an uploaded file',
};

const COMPARISONS: Record<string, string> = {
  '>=': 'at least',
  '<=': 'at most',
  '>': 'more than',
  '<': 'less than',
};

/** What ajv tells with an error; which of it is there depends on the keyword. */
interface Facts {
  type: string | string[];
  property: string;
  allowedValues: Json[];
  allowedValue: Json;
  limit: number;
  comparison: string;
  multipleOf: number;
  pattern: string;
  format: string;
  i: number;
  j: number;
  passingSchemas: unknown;
}

type Saying = (facts: Facts) => string;

const bounded =
  (bound: 'least' | 'most', noun: string): Saying =>
  ({ limit }) =>
    `must have at ${bound} ${limit} ${limit === 1 ? noun : (PLURALS[noun] ?? `${noun}s`)}`;
const PLURALS: Record<string, string> = { property: 'properties' };
const compared: Saying = ({ comparison, limit }) =>
  `must be ${COMPARISONS[comparison] ?? comparison} ${limit}`;
const unwanted: Saying = () => 'is not allowed here';
const noShape = 'fits none of the allowed shapes';

const SAYINGS: Record<string, Saying> = {
  required: () => 'is required',
  dependentRequired: ({ property }) => `is required when ${property} is given`,
  type: ({ type }) =>
    `must be ${[type]
      .flat()
      .map((name) => TYPE_NAMES[name] ?? name)
      .join(' or ')}`,
  enum: ({ allowedValues }) => `must be one of ${listed(allowedValues)}`,
  const: ({ allowedValue }) => `must be ${JSON.stringify(allowedValue)}`,
  additionalProperties: unwanted,
  unevaluatedProperties: unwanted,
  'false schema': unwanted,
  propertyNames: () => 'is not an allowed name',
  minLength: bounded('least', 'character'),
  maxLength: bounded('most', 'character'),
  minItems: bounded('least', 'item'),
  maxItems: bounded('most', 'item'),
  minProperties: bounded('least', 'property'),
  maxProperties: bounded('most', 'property'),
  minimum: compared,
  maximum: compared,
  exclusiveMinimum: compared,
  exclusiveMaximum: compared,
  multipleOf: ({ multipleOf }) => `must be a multiple of ${multipleOf}`,
  pattern: ({ pattern }) => `must match the pattern ${pattern}`,
  format: ({ format }) => `must be ${FORMAT_NAMES[format] ?? `in the format "${format}"`}`,
  uniqueItems: ({ i, j }) => `must not repeat an item (${Math.min(i, j)} and ${Math.max(i, j)} are equal)`,
  contains: () => 'lacks an item of the required shape',
  anyOf: () => noShape,
  oneOf: ({ passingSchemas }) =>
    passingSchemas === null ? noShape : 'fits more than one of the allowed shapes',
  not: () => 'is of a shape that is not allowed',
};

function said(error: ErrorObject, root: Json): string {
  const saying = SAYINGS[error.keyword];
  if (!saying) return error.message ?? `breaks "${error.keyword}"`;
  const text = saying(error.params as Facts);
  return error.keyword === 'type' ? `${text}, not ${kindAt(root, error.instancePath)}` : text;
}

function listed(values: Json[]): string {
  const shown = values.slice(0, LISTED_VALUES).map((value) => JSON.stringify(value));
  return values.length > LISTED_VALUES
    ? `${shown.join(', ')} and ${values.length - LISTED_VALUES} more`
    : shown.join(', ');
}

function kindAt(root: Json, pointer: string): string {
  let value: Json | undefined = root;
  for (const segment of segmentsOf(pointer)) {
    value =
      value !== null && typeof value === 'object' ? (value as Record<string, Json>)[segment] : undefined;
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string'
    ? 'text'
    : typeof value === 'number'
      ? `the number ${value}`
      : String(value);
}
