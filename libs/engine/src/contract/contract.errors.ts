import { StagewrightError } from '../errors/stagewright-error.ts';

/** Something wrong in a JSON Schema, found before it is used. */
export interface SchemaProblem {
  /** `SCHEMA_*` or `TEMPLATE_KEY_FORBIDDEN`. */
  code: string;
  message: string;
  hint?: string;
  /** RFC 6901 JSON pointer into the schema; empty for the schema itself. */
  pointer: string;
  /** What is wrong is the name that the pointer ends with, whatever its value is. */
  about?: 'name';
}

export const MAX_SCHEMA_BYTES = 64 * 1024;
/** Schemas inside one another: each property, item or choice is one step. */
export const MAX_SCHEMA_DEPTH = 20;
/** Objects and lists inside one another, defaults and examples included. */
export const MAX_JSON_DEPTH = 64;
/** Named properties, over the whole schema. */
export const MAX_SCHEMA_PROPERTIES = 500;
/** Schemas inside the schema: bounds the time to compile it. */
export const MAX_SUBSCHEMAS = 750;

const here = (pointer: string): string => (pointer === '' ? 'the schema' : pointer);

export const schemaTooBig = (what: string, pointer: string): SchemaProblem => ({
  code: 'SCHEMA_TOO_BIG',
  message: `The schema is too big: ${what}.`,
  hint: 'Contracts describe one answer; move what repeats into $defs or split the stage.',
  pointer,
});

export const schemaInvalid = (message: string, pointer: string, hint?: string): SchemaProblem => ({
  code: 'SCHEMA_INVALID',
  message: `${here(pointer)}: ${message}.`,
  ...(hint === undefined ? {} : { hint }),
  pointer,
});

export const unknownKeyword = (keyword: string, pointer: string): SchemaProblem => ({
  ...schemaInvalid(
    `unknown keyword "${keyword.slice(0, 100)}"`,
    pointer,
    'Contracts use the keywords of JSON Schema 2020-12.',
  ),
  about: 'name',
});

export const remoteRef = (ref: string, pointer: string): SchemaProblem => ({
  code: 'SCHEMA_REMOTE_REF',
  message: `"${ref.slice(0, 200)}" points outside the schema; nothing is ever loaded.`,
  hint: 'Copy what it refers to into $defs and write "#/$defs/<name>".',
  pointer,
});

export const unsafePattern = (pattern: string, why: string, pointer: string): SchemaProblem => ({
  code: 'SCHEMA_UNSAFE_PATTERN',
  message: `The pattern ${JSON.stringify(pattern.slice(0, 200))} is refused: ${why}.`,
  hint: 'Let every repetition start with something that its inside cannot end with, as in ^[a-z]+(-[a-z]+)*$.',
  pointer,
});

export const forbiddenKey = (key: string, pointer: string): SchemaProblem => ({
  code: 'TEMPLATE_KEY_FORBIDDEN',
  message: `The key "${key}" is not allowed anywhere in a schema.`,
  hint: 'Choose another name.',
  pointer,
  about: 'name',
});

/** A schema that reaches validation although its check fails. */
export const schemaRefused = (problem: SchemaProblem): StagewrightError =>
  new StagewrightError(problem.code, problem.message, {
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    details: { pointer: problem.pointer },
  });

/** Characters of a model's answer that are kept with the error. */
const RAW_KEPT = 32_000;

/** What a model gave is not the JSON document that was asked for. */
export const outputInvalid = (why: string, raw: string): StagewrightError =>
  new StagewrightError('OUTPUT_INVALID', `The answer is not a valid JSON document: ${why}.`, {
    hint: 'The raw text is kept with the attempt.',
    retryable: true,
    details: { why, raw: raw.slice(0, RAW_KEPT), characters: raw.length },
  });

/** A value that cannot be held against its contract at all. */
export const valueInvalid = (why: string): StagewrightError =>
  new StagewrightError('OUTPUT_INVALID', `The value cannot be validated: ${why}.`, { details: { why } });

/** `uniqueItems` over more lists and objects than are compared. */
export const tooManyToCompare = (items: number, most: number): StagewrightError =>
  new StagewrightError(
    'OUTPUT_VALIDATION_BUDGET',
    `A list without repetition holds ${items} lists or objects; at most ${most} are compared.`,
    { hint: 'Bound the list with maxItems, or leave out uniqueItems.', details: { items, most } },
  );
