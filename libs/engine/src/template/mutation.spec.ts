import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { compileTemplate } from './compile-template.ts';
import { filesFromMap } from './registry-files.ts';
import type { ActionCatalog, ActionFacts } from './catalog.ts';

/** Whatever is done to a template, compiling answers with findings that point into files, and never throws. */
const testdata = new URL('./testdata/', import.meta.url);
const facts = JSON.parse(readFileSync(new URL('catalog.json', testdata), 'utf8')) as {
  workflowTypes: string[];
  actions: ActionFacts[];
};
const catalog: ActionCatalog = {
  action: (id) => facts.actions.find((action) => action.id === id),
  actions: () => facts.actions,
  workflowTypes: () => facts.workflowTypes,
};

interface Golden {
  template: string;
  files?: Record<string, string>;
}

const originals = readdirSync(new URL('valid/', testdata)).map(
  (name) => parse(readFileSync(new URL(`valid/${name}`, testdata), 'utf8')) as Golden,
);

type Edit = { at: number; remove: number; insert: string };

const SNIPPETS = [
  ...[
    '\n',
    ' ',
    '  - ',
    ': ',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '!!x ',
    '#',
    '|',
    '>-',
    '---\n',
    '${{ ',
    ' }}',
    '__proto__: 1\n',
  ],
  ...[
    'stages',
    'inputs',
    'id: a',
    'needs: [a]',
    'null',
    '1e999',
    '-',
    '.',
    '\t',
    '\u0000',
    '\uFEFF',
    '😀',
    '? ',
    '<<: ',
    'extends: stages/x',
  ],
];

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(40),
  insert: fc.oneof(
    fc.constantFrom(...SNIPPETS),
    fc.string({ maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 4 }),
  ),
});

function edited(text: string, edits: Edit[]): string {
  return edits.reduce((now, { at, remove, insert }) => {
    const start = Math.floor(at * now.length);
    return now.slice(0, start) + insert + now.slice(start + remove);
  }, text);
}

function expectPlaced(files: Map<string, string>): void {
  const { plan, findings } = compileTemplate(filesFromMap(files), 't', catalog);
  expect(plan === null).toBe(findings.some(({ severity }) => severity === 'error'));
  for (const finding of findings) {
    const lines = (files.get(finding.file) ?? '').split('\n');
    expect(finding.code).toMatch(/^[A-Z]+(_[A-Z0-9]+)+$/);
    expect(finding.line).toBeGreaterThanOrEqual(1);
    expect(finding.line).toBeLessThanOrEqual(lines.length);
    expect(finding.column).toBeGreaterThanOrEqual(1);
    expect(finding.column).toBeLessThanOrEqual((lines[finding.line - 1] ?? '').length + 1);
  }
}

describe('a mutated template', () => {
  it('gives findings inside its files and never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...originals),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (golden, edits) => {
          const files = new Map([
            ['templates/t/prompts/ask.hbs', 'Write about {{inputs.topic}}.\n'],
            ['templates/t/prompts/plain.hbs', 'Write.\n'],
            ...Object.entries(golden.files ?? {}),
          ]);
          expectPlaced(new Map([...files, ['templates/t/template.yaml', edited(golden.template, edits)]]));
        },
      ),
      { numRuns: 600 },
    );
  });

  it('copes with mutated prompts, schemas and reusable stages, too', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...originals.filter(({ files }) => files !== undefined)),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        (golden, edits) => {
          const files = new Map<string, string>([
            ['templates/t/prompts/ask.hbs', 'x\n'],
            ['templates/t/template.yaml', golden.template],
          ]);
          for (const [path, text] of Object.entries(golden.files ?? {})) files.set(path, edited(text, edits));
          expectPlaced(files);
        },
      ),
      { numRuns: 300 },
    );
  });
});
