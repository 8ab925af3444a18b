import { isCancel, select, text } from '@clack/prompts';
import type { Json, JsonObject, JsonSchema } from '@stagewright/engine';
import { missingInput } from '../cli.errors.ts';
import { isInteractive } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { propertySchema, typed } from './given-inputs.ts';

/** Required inputs of a template that were not given. */
export function missingInputs(schema: JsonSchema, given: Set<string>): string[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return required.filter((name): name is string => typeof name === 'string' && !given.has(name));
}

/** Asks for the missing inputs, one by one, from their schema. Without a terminal: `CLI_INPUT_MISSING`. */
export async function askInputs(
  terminal: Terminal,
  schema: JsonSchema,
  names: string[],
): Promise<Array<{ name: string; text: string }>> {
  if (names.length === 0) return [];
  if (!isInteractive(terminal)) throw missingInput(names);
  const answers: Array<{ name: string; text: string }> = [];
  for (const name of names)
    answers.push({ name, text: await askInput(terminal, name, propertySchema(schema, name)) });
  return answers;
}

async function askInput(terminal: Terminal, name: string, schema: JsonSchema): Promise<string> {
  const message = describe(name, schema);
  const common = { message, input: terminal.stdin, output: terminal.stdout, signal: terminal.signal };
  const choices = Array.isArray(schema['enum'])
    ? schema['enum'].map((choice) => ({ value: asText(choice) }))
    : null;
  const answer =
    choices === null
      ? await text({ ...common, validate: (given) => complaint(given ?? '', schema) })
      : await select({ ...common, options: choices });
  if (isCancel(answer)) throw missingInput([name]);
  return answer;
}

function describe(name: string, schema: JsonSchema): string {
  const title = typeof schema['title'] === 'string' ? schema['title'] : name;
  const hint = schema['format'] === 'artifact' ? ' (a file or folder)' : '';
  return typeof schema['description'] === 'string'
    ? `${title}${hint}: ${schema['description']}`
    : `${title}${hint}`;
}

/** The quick checks that help while typing; the contract checks everything once the run is made. */
function complaint(given: string, schema: JsonSchema): string | undefined {
  const value: Json = typed(given, schema);
  const numeric = schema['type'] === 'integer' || schema['type'] === 'number';
  if (numeric && typeof value !== 'number') return 'A number, please.';
  if (schema['type'] === 'integer' && !Number.isInteger(value)) return 'A whole number, please.';
  if (typeof schema['minimum'] === 'number' && typeof value === 'number' && value < schema['minimum'])
    return `At least ${schema['minimum']}.`;
  if (typeof schema['maximum'] === 'number' && typeof value === 'number' && value > schema['maximum'])
    return `At most ${schema['maximum']}.`;
  if (typeof schema['minLength'] === 'number' && given.length < schema['minLength'])
    return `At least ${schema['minLength']} characters.`;
  return given === '' ? 'This one is needed.' : undefined;
}

function asText(value: Json | JsonObject): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
