import { BENIGN_PROMPTS, HOSTILE_PROMPTS } from '../../support/hostile/prompts.ts';
import { BENIGN_SCHEMAS, HOSTILE_SCHEMAS } from '../../support/hostile/schemas.ts';
import { HOSTILE_TEMPLATES } from '../../support/hostile/templates.ts';

type Content = string | Uint8Array;

/** A template of the fault catalogue in a registry. */
export interface HostileCase {
  /** Its folder. */
  name: string;
  /** Row of the catalogue, and what it tries. */
  row: string;
  /** The code of a finding that it must have; null for a twin, which must serve. */
  code: string | null;
  files: Record<string, Content>;
}

/** Rows of the groups yaml, handlebars and jsonschema as templates of one registry, each beside harmless ones. */
export function hostileCases(): HostileCase[] {
  return [...yaml(), ...prompts(), ...schemas()];
}

function yaml(): HostileCase[] {
  return HOSTILE_TEMPLATES.flatMap(({ id, what, bad, code, twin }, index) => {
    const files = (name: string, template: Content) => ({
      'template.yaml': named(template, name),
      'prompts/a.hbs': 'Write.\n',
    });
    const [evil, good] = [`yaml-${index}`, `yaml-${index}-twin`] as const;
    return [
      { name: evil, row: `${id} ${what}`, code, files: files(evil, bad) },
      { name: good, row: `${id} twin of ${what}`, code: null, files: files(good, twin) },
    ];
  });
}

/** The name of a template is its folder's. What is no text has none that could be read. */
function named(template: Content, name: string): Content {
  if (typeof template === 'string') return template.replace(/^name: t$/m, `name: ${name}`);
  const text = Buffer.from(template);
  const at = text.indexOf('name: t\n');
  return at === -1
    ? template
    : Buffer.concat([text.subarray(0, at), Buffer.from(`name: ${name}`), text.subarray(at + 7)]);
}

function head(name: string, stage: string): string {
  const inputs =
    '{type: object, properties: {topic: {type: string}, x: {type: string}, a: {type: array, items: {type: string}}}}';
  return `apiVersion: stagewright/v1\nname: ${name}\ntype: ebook\nversion: 1.0.0\ninputs: ${inputs}\nstages:\n  - ${stage}\n`;
}

function prompts(): HostileCase[] {
  const files = (name: string, prompt: string) => ({
    'template.yaml': head(name, '{id: a, mode: ai, prompt: prompts/p.hbs}'),
    'prompts/p.hbs': prompt,
    'prompts/tone.hbs': 'Be kind.',
  });
  const evil = HOSTILE_PROMPTS.flatMap(([row, prompt, code], index) => {
    const name = `prompt-${index}`;
    // What is no text can be in no file.
    return typeof prompt === 'string' ? [{ name, row, code, files: files(name, prompt) }] : [];
  });
  const good = BENIGN_PROMPTS.map(([row, prompt], index) => {
    const name = `prompt-${index}-twin`;
    return { name, row: `${row}, a twin`, code: null, files: files(name, inTemplate(prompt)) };
  });
  return [...evil, ...good];
}

/** In a template, the variables `x` and `a` are inputs. */
function inTemplate(prompt: string): string {
  return prompt.replaceAll(/\{\{[^}]*\}\}/g, (tag) => tag.replaceAll(/(?<![\w"-])(x|a)\b/g, 'inputs.$1'));
}

/** Templates that hurt when they are run: what a model is asked, or what it answers. */
export const HOSTILE_RUNS: Record<string, string> = {
  ...running('nested-loops', {
    inputs: 'list: {type: array, items: {type: string}}',
    prompt: `${'{{#each @root.inputs.list}}'.repeat(7)}x${'{{/each}}'.repeat(7)}`,
  }),
  ...running('told', { inputs: 'topic: {type: string}', prompt: 'Told of {{inputs.topic}}.\n' }),
  ...running('many', {
    prompt: 'Many.\n',
    output: '{type: array, uniqueItems: true, items: {type: object}}',
  }),
  ...running('deep', {
    prompt: 'Deep.\n',
    output: '{$ref: "#/$defs/node", $defs: {node: {type: array, items: {$ref: "#/$defs/node"}}}}',
  }),
};

function running(
  name: string,
  { inputs = '', prompt, output }: { inputs?: string; prompt: string; output?: string },
): Record<string, string> {
  const contract = output === undefined ? '' : `, output: ${output}`;
  return {
    [`templates/${name}/template.yaml`]: `apiVersion: stagewright/v1
name: ${name}
type: ebook
version: 1.0.0
inputs: {type: object, additionalProperties: false, properties: {${inputs}}}
stages:
  - {id: ask, mode: ai, retry: {attempts: 1}, prompt: prompts/p.hbs${contract}}
`,
    [`templates/${name}/prompts/p.hbs`]: prompt,
  };
}

/** `JSON.stringify` itself does not get that deep. */
function deepText(depth: number): string {
  return `${'{"type":"object","properties":{"a":'.repeat(depth - 1)}{"type":"string"}${'}}'.repeat(depth - 1)}`;
}

function schemas(): HostileCase[] {
  const files = (name: string, schema: unknown) => ({
    'template.yaml': head(name, '{id: a, mode: ai, prompt: prompts/p.hbs, output: schemas/s.json}'),
    'prompts/p.hbs': 'Write.\n',
    'schemas/s.json': typeof schema === 'string' ? schema : JSON.stringify(schema),
  });
  // What JSON cannot say can be in no file.
  const written = HOSTILE_SCHEMAS.filter(([row]) => row !== 'not JSON');
  const evil = written.map(([row, schema, code], index) => {
    const name = `schema-${index}`;
    return { name, row, code, files: files(name, row === 'J03 8,000 deep' ? deepText(8_000) : schema) };
  });
  const good = BENIGN_SCHEMAS.map(([row, schema], index) => {
    const name = `schema-${index}-twin`;
    return { name, row: `${row}, a twin`, code: null, files: files(name, schema) };
  });
  return [...evil, ...good];
}
