import { checkSchema } from '../../contract/index.ts';
import type { SchemaProblem } from '../../contract/index.ts';
import { BoundedCache } from '../../expression/bounded-cache.ts';
import type { JsonSchema } from '../../vocabulary.ts';
import { canonicalJson } from '../canonical.ts';
import { readSource } from '../source/read-source.ts';
import { Report } from '../source/report.ts';
import { nodeAt, pointerSegments } from '../source/source-node.ts';
import type { MapNode, Place, SourceNode } from '../source/source-node.ts';
import type { Compilation } from './compilation.ts';

/** Checking compiles a schema, which is slow; templates of one registry share most of theirs. */
const problems = new BoundedCache<SchemaProblem[]>(1_000);

/** A contract that is written in the template, or in a file that it names. Null, and findings, when it is not sound. */
export function contractOf(node: SourceNode | undefined, compilation: Compilation): JsonSchema | null {
  if (node === undefined || !compilation.report.isSound(node)) return null;
  if (node.kind === 'map') return inlineContract(node, compilation);
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return null;
  const file = compilation.openReference(node);
  return file === null ? null : fileContract(file.path, file.bytes, compilation);
}

export function inlineContract(node: MapNode, compilation: Compilation): JsonSchema | null {
  const schema = node.value;
  const found = problems.get(canonicalJson(schema), () => checkSchema(schema));
  for (const problem of found) {
    const { code, message, hint, pointer } = problem;
    compilation.report.broken(nodeAt(node, pointer), { code, message, hint }, placeOf(node, problem));
  }
  // A dangerous pattern leaves no doubt which fields there are: what uses them goes on being checked.
  return found.every(({ code }) => code === 'SCHEMA_UNSAFE_PATTERN') ? schema : null;
}

/** A problem of a name stands at the name, any other at the value. */
function placeOf(root: MapNode, { pointer, about }: SchemaProblem): Place {
  const segments = pointerSegments(pointer);
  const owner = nodeAt(root, pointer.slice(0, Math.max(0, pointer.lastIndexOf('/'))));
  const key = owner.kind === 'map' ? owner.entries.get(segments.at(-1) ?? '')?.key : undefined;
  return about === 'name' && key !== undefined ? key : nodeAt(root, pointer);
}

function fileContract(path: string, bytes: Uint8Array, compilation: Compilation): JsonSchema | null {
  const isYaml = /\.ya?ml$/.test(path);
  const reading = new Report();
  const node = readSource(path, bytes, reading);
  for (const finding of reading.sorted()) {
    compilation.report.put({
      ...finding,
      code: CODES[finding.code] ?? finding.code,
      message: worded(finding.message, isYaml),
    });
  }
  if (node === null || reading.hasErrors()) return null;
  const stop = isYaml ? null : jsonFault(node.source.text);
  if (stop !== null) {
    const place = { source: node.source, start: stop, end: stop + 1 };
    compilation.report.error(place, { code: 'SCHEMA_INVALID', message: 'The file is not valid JSON.' });
    return null;
  }
  if (node.kind !== 'map') {
    compilation.report.error(node, { code: 'SCHEMA_INVALID', message: 'A contract must be a JSON object.' });
    return null;
  }
  return inlineContract(node, compilation);
}

/** The codes of a schema file; those about keys and encoding are the same everywhere. */
const CODES: Record<string, string> = {
  TEMPLATE_YAML_INVALID: 'SCHEMA_INVALID',
  TEMPLATE_YAML_ALIAS: 'SCHEMA_INVALID',
  TEMPLATE_YAML_TAG: 'SCHEMA_INVALID',
  TEMPLATE_SCHEMA: 'SCHEMA_INVALID',
  TEMPLATE_TOO_DEEP: 'SCHEMA_TOO_BIG',
  TEMPLATE_TOO_LARGE: 'SCHEMA_TOO_BIG',
};

function worded(message: string, isYaml: boolean): string {
  return isYaml ? message : message.replace('valid YAML', 'valid JSON');
}

/** Where a text stops being JSON; null when it is JSON. */
function jsonFault(text: string): number | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    return position === undefined ? text.length : Number(position);
  }
}
