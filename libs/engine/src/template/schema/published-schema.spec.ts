import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

/**
 * The schema that is published for editors, `registry/schema/template.v1.schema.json`, as an editor without our extension
 * uses it. That it equals what the engine checks with is held by test/drift.
 */
const root = new URL('../../../../../', import.meta.url);
const testdata = new URL('../testdata/', import.meta.url);
const schema = JSON.parse(
  readFileSync(new URL('registry/schema/template.v1.schema.json', root), 'utf8'),
) as Record<string, unknown>;
const validate = new Ajv2020({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
}).compile(schema);

function golden(folder: 'valid' | 'invalid', name: string): unknown {
  const file = parse(readFileSync(new URL(`${folder}/${name}`, testdata), 'utf8')) as { template: string };
  return parse(file.template);
}
const namesIn = (folder: 'valid' | 'invalid'): string[] =>
  readdirSync(new URL(`${folder}/`, testdata)).sort();

/** Faults inside of the schemas that a template holds: the format cannot say what a schema may be. */
const NEEDS_CHECK: Record<string, string> = {
  'schema-inputs-invalid.yml': 'the type of an input is misspelt',
  'schema-pattern-unsafe.yml': 'a pattern is no RE2',
};

describe('the published schema', () => {
  it.each(readdirSync(new URL('registry/templates/', root)))('takes the template %s that ships', (name) => {
    const text = readFileSync(new URL(`registry/templates/${name}/template.yaml`, root), 'utf8');
    expect(validate(parse(text)) || validate.errors).toBe(true);
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../../schema/template.v1.schema.json');
  });

  it.each(namesIn('valid'))('takes the valid template %s', (name) => {
    expect(validate(golden('valid', name)) || validate.errors).toBe(true);
  });

  it.each(namesIn('invalid').filter((name) => name.startsWith('schema-') && !(name in NEEDS_CHECK)))(
    'refuses %s',
    (name) => {
      expect(validate(golden('invalid', name))).toBe(false);
    },
  );

  it.each(Object.entries(NEEDS_CHECK))('leaves %s to check: %s', (name) => {
    expect(validate(golden('invalid', name)) || validate.errors).toBe(true);
  });
});
