import type { JsonObject, JsonSchema } from '@stagewright/engine';
import type { RunHost } from '../hosts/run-host.ts';
import { readStream } from '../read-stream.ts';
import type { Terminal } from '../terminal.ts';
import { askInputs, missingInputs } from './ask-inputs.ts';
import { parseInputs, propertySchema, readGivenInputs, readInputsFile } from './given-inputs.ts';

export interface InputOptions {
  /** `name=value` pairs. */
  input?: string[];
  /** A file of inputs; `-` for standard input. */
  inputs?: string;
}

/** The inputs of a run: what was given, what the terminal answered, and uploads turned into artifact ids. */
export async function gatherInputs(
  terminal: Terminal,
  host: RunHost,
  schema: JsonSchema,
  options: InputOptions,
): Promise<JsonObject> {
  const base = await readBase(terminal, options.inputs);
  const given = readGivenInputs(options.input ?? [], base, schema, terminal.cwd);
  const names = new Set([...Object.keys(given.values), ...given.uploads.map(({ input }) => input)]);
  const asked = await askInputs(terminal, schema, missingInputs(schema, names));
  const pairs = asked.map(({ name, text }) => {
    return propertySchema(schema, name)['format'] === 'artifact' ? `${name}=@${text}` : `${name}=${text}`;
  });
  const more = readGivenInputs(pairs, {}, schema, terminal.cwd);
  const values = { ...given.values, ...more.values };
  for (const file of [...given.uploads, ...more.uploads]) {
    values[file.input] = (await host.upload(file)).artifact;
  }
  return values;
}

async function readBase(terminal: Terminal, file: string | undefined): Promise<JsonObject> {
  if (file === undefined) return {};
  if (file === '-') return parseInputs('standard input', await readStream(terminal.stdin));
  return readInputsFile(file, terminal.cwd);
}
