import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Json, JsonObject, JsonSchema } from '@stagewright/engine';
import { notJson, unreadableFile, wrongInput } from '../cli.errors.ts';
import { zipFolder } from './zip-folder.ts';

/** A file or folder that an input with `format: artifact` names; uploaded before the run is made. */
export interface Upload {
  input: string;
  name: string;
  mediaType: string;
  content: Uint8Array;
}

export interface GivenInputs {
  values: JsonObject;
  uploads: Upload[];
}

/**
 * Inputs from `-i name=value`, over those of a file, typed by the template's schema. `-i name=@path` reads a file: its text, or an
 * upload when the input has `format: artifact`. Later ones win.
 */
export function readGivenInputs(
  pairs: string[],
  base: JsonObject,
  schema: JsonSchema,
  cwd: string,
): GivenInputs {
  const given: GivenInputs = { values: { ...base }, uploads: [] };
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw wrongInput(pair);
    takeInput(given, { name: pair.slice(0, at), text: pair.slice(at + 1) }, schema, cwd);
  }
  return given;
}

function takeInput(
  given: GivenInputs,
  input: { name: string; text: string },
  schema: JsonSchema,
  cwd: string,
): void {
  const property = propertySchema(schema, input.name);
  if (!input.text.startsWith('@')) {
    given.values[input.name] = typed(input.text, property);
    return;
  }
  const path = resolve(cwd, input.text.slice(1));
  if (property['format'] === 'artifact') given.uploads.push({ input: input.name, ...readUpload(path) });
  else given.values[input.name] = typed(readText(path), property);
}

/** The schema of one input; an empty one when it is not declared (the contract then says so). */
export function propertySchema(schema: JsonSchema, name: string): JsonSchema {
  const properties = schema['properties'];
  if (!isObject(properties)) return {};
  const property = properties[name];
  return isObject(property) ? property : {};
}

/** The value a text stands for, by the type that the schema asks for. What does not fit stays text: the contract then says what is wrong. */
export function typed(text: string, schema: JsonSchema): Json {
  const type = schema['type'];
  if (type === 'string') return text;
  if (type === 'integer' || type === 'number')
    return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return type === 'array' ? text.split(',').map((item) => item.trim()) : text;
  }
}

/** Inputs in a YAML or JSON file. Throws `CLI_FILE_UNREADABLE` or `CLI_INPUT_INVALID`. */
export function readInputsFile(file: string, cwd: string): JsonObject {
  const path = resolve(cwd, file);
  return parseInputs(path, readText(path));
}

/** Inputs as YAML or JSON; `source` is what an error calls them. */
export function parseInputs(source: string, text: string): JsonObject {
  const value = parseData(source, text);
  if (!isObject(value)) throw unreadableFile(source, 'it must hold a mapping of names to values');
  return value;
}

/** A value in YAML or JSON. Throws `CLI_INPUT_INVALID`. */
export function parseData(source: string, text: string): Json {
  try {
    return parse(text, { maxAliasCount: 0 }) as Json;
  } catch {
    throw notJson(source);
  }
}

function readUpload(path: string): Omit<Upload, 'input'> {
  const name = basename(path);
  try {
    if (statSync(path).isDirectory())
      return { name: `${name}.zip`, mediaType: 'application/zip', content: zipFolder(path) };
    return { name, mediaType: mediaTypeOf(name), content: readFileSync(path) };
  } catch (error) {
    throw unreadableFile(path, reasonOf(error));
  }
}

/** The text of a file. Throws `CLI_FILE_UNREADABLE`. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadableFile(path, reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  return error instanceof Error ? error.message : String(error);
}

function mediaTypeOf(name: string): string {
  if (/\.(md|markdown)$/i.test(name)) return 'text/markdown';
  return /\.zip$/i.test(name) ? 'application/zip' : 'application/octet-stream';
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
