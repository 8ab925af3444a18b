import { requestInvalid } from './execution.errors.ts';
import { validateTrusted } from '../contract/index.ts';
import { VERB_STATES } from '../run/index.ts';
import type { RunVerb, VerbName } from '../run/event.ts';
import type { Json, JsonSchema } from '../vocabulary.ts';

const text: JsonSchema = { type: 'string' };
const round: JsonSchema = { type: 'integer' };
const comment: JsonSchema = {
  type: 'object',
  required: ['body'],
  properties: { body: text, task: text, path: text, line: { type: 'number' } },
};
const lock: JsonSchema = {
  type: 'object',
  required: ['revision'],
  properties: { revision: { type: 'object', required: ['digest'], properties: { digest: text } } },
};

/** What each verb carries besides its actor. Values are judged by the run; here only their types. */
const FIELDS: Record<VerbName, { required?: string[]; properties: Record<string, JsonSchema> }> = {
  start: { properties: {} },
  approve: { required: ['stage', 'round'], properties: { stage: text, round, comment: text } },
  'request-changes': {
    required: ['stage', 'round', 'comments'],
    properties: {
      stage: text,
      round,
      comments: { type: 'array', items: comment },
      tasks: { type: 'array', items: text },
    },
  },
  'submit-input': { required: ['stage', 'input'], properties: { stage: text, task: text } },
  'next-stage': { properties: { stage: text } },
  pause: { properties: {} },
  resume: { properties: { budgetUsd: { type: 'number' } } },
  cancel: { properties: { reason: text } },
  resolve: {
    required: ['task', 'attempt', 'outcome'],
    properties: {
      task: text,
      attempt: round,
      outcome: { enum: ['done', 'repeat', 'fail'] },
      comment: text,
    },
  },
  retry: { properties: {} },
  rerun: { required: ['from'], properties: { from: text } },
  upgrade: { required: ['lock'], properties: { lock } },
};

const SCHEMAS = Object.fromEntries(
  Object.entries(FIELDS).map(([name, { required, properties }]): [string, JsonSchema] => [
    name,
    { type: 'object', required: required ?? [], properties },
  ]),
);

/**
 * Throws `INPUT_INVALID` unless this is a verb, in the shape of one. A report is none: what execution found out comes from
 * execution, however a caller may word it.
 */
export function checkVerb(verb: RunVerb): void {
  const given: unknown = verb;
  if (typeof given !== 'object' || given === null)
    throw requestInvalid('A request is a mapping with a "type".');
  const { type } = verb as { type?: unknown };
  if (typeof type !== 'string' || !Object.hasOwn(VERB_STATES, type))
    throw requestInvalid(`There is no verb ${JSON.stringify(String(type).slice(0, 40))}.`);
  // What a form or a task holds is judged by its own contract; here it only has to be there.
  const fields = Object.entries(verb).flatMap(([name, value]): Array<[string, Json]> => {
    if (value === undefined || name === 'actor') return [];
    return [[name, name === 'input' || name === 'output' ? true : (value as Json)]];
  });
  const value = Object.fromEntries(fields);
  const violations = validateTrusted(SCHEMAS[type] ?? {}, value);
  if (violations.length === 0) return;
  const first = violations[0];
  throw requestInvalid(`"${type}" is not asked for rightly: ${first?.path ?? ''} ${first?.message ?? ''}.`);
}
