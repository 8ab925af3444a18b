import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { templateSchema } from '@stagewright/engine/template';
import type { JsonSchema } from '@stagewright/engine/template';
import { ROOT } from '../support/root.ts';

const PATH = 'docs/reference/template.md';
/** `<!-- keys: aiStage -->` ... `<!-- end -->`: what is between is written anew, the rest is by hand. */
const BLOCK = /(<!-- keys: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** The reference of the template format: its prose as it is, its tables of keys from the schema. */
export async function templateReference(): Promise<string> {
  const text = await readFile(join(ROOT, PATH), 'utf8');
  return text.replace(
    BLOCK,
    (_, head: string, name: string, end: string) => `${head}\n${keysOf(name)}\n\n${end}`,
  );
}

const document = templateSchema();
const definitions = document['$defs'] as Record<string, JsonSchema>;

function keysOf(name: string): string {
  const schema =
    name === 'template' ? document : name === 'stage' ? definitions['aiStage'] : definitions[name];
  if (schema === undefined) throw new Error(`The template schema has no "${name}".`);
  const required = new Set(schema['required'] as string[] | undefined);
  const rows = Object.entries(propertiesOf(schema))
    .filter(([key]) => (name === 'stage' ? isCommon(key) : !name.endsWith('Stage') || !isCommon(key)))
    .map(([key, value]) => row(key, resolved(value), required.has(key)));
  return ['| key | what it is | type and limits | default |', '|---|---|---|---|', ...rows].join('\n');
}

/** A key that stages of every mode have. */
function isCommon(key: string): boolean {
  return ['aiStage', 'manualStage', 'systemStage', 'cliLoopStage'].every((mode) => {
    const stage = definitions[mode];
    return stage !== undefined && key in propertiesOf(stage);
  });
}

function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  return schema['properties'] as Record<string, JsonSchema>;
}

function resolved(schema: JsonSchema): JsonSchema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  return { ...definitions[reference.slice('#/$defs/'.length)], ...schema };
}

function row(key: string, schema: JsonSchema, required: boolean): string {
  const preset = schema['default'];
  const otherwise = required ? 'needed' : preset === undefined ? '' : `\`${JSON.stringify(preset)}\``;
  const cells = [`\`${key}\``, asText(schema['description'] ?? schema['title']), limitsOf(schema), otherwise];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

/** Keywords of a schema as words, in the order in which a reader asks for them. */
const LIMITS: Array<[string, (value: string) => string]> = [
  ['const', (value) => `\`${value}\``],
  ['enum', (value) => value],
  ['minLength', (value) => `at least ${value} characters`],
  ['maxLength', (value) => `at most ${value} characters`],
  ['minimum', (value) => `from ${value}`],
  ['exclusiveMinimum', (value) => `above ${value}`],
  ['maximum', (value) => `to ${value}`],
  ['minItems', (value) => `at least ${value}`],
  ['maxItems', (value) => `at most ${value}`],
  ['maxProperties', (value) => `at most ${value}`],
  ['pattern', (value) => (value.length > 60 ? '' : `\`${value}\``)],
];

function limitsOf(schema: JsonSchema): string {
  const reference = schema['$ref'];
  const type = Array.isArray(schema['type'])
    ? schema['type'].map(asText).join(' or ')
    : asText(schema['type']);
  const named = typeof reference === 'string' && type === 'object' ? 'object, see below' : type;
  const limits = LIMITS.map(([keyword, words]) => {
    const value = schema[keyword];
    if (value === undefined) return '';
    return words(Array.isArray(value) ? value.map((one) => `\`${asText(one)}\``).join(', ') : asText(value));
  });
  return [named, ...limits].filter((text) => text !== '').join(', ');
}

function asText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
