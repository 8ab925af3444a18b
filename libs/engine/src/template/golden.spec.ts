import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { ActionCatalog, ActionFacts } from './catalog.ts';
import { compileTemplate } from './compile-template.ts';
import { filesFromMap } from './registry-files.ts';
import type { Finding } from '../errors/finding.ts';

/**
 * One file per case under `testdata/`: the template (named `t`), further files of the registry, and what compiling gives:
 * every finding with its range, and for valid templates the whole plan. `prompts/ask.hbs` and `plain.hbs` are always
 * there. To mend a file after a change of wording: run, read the difference, and correct the file by hand.
 */
interface GoldenCase {
  title: string;
  template: string;
  files?: Record<string, string>;
  findings: ExpectedFinding[];
  plan?: Record<string, unknown>;
}

interface ExpectedFinding {
  /** `<file>:<line>:<column>-<end line>:<end column>`, the file relative to the template's folder or the registry. */
  at: string;
  severity?: 'warning';
  code: string;
  message: string;
  hint?: string;
}

const here = new URL('./testdata/', import.meta.url);
const catalog = readCatalog();
const ALWAYS_THERE = {
  'templates/t/prompts/ask.hbs': 'Write about {{inputs.topic}}.\n',
  'templates/t/prompts/plain.hbs': 'Write.\n',
};

function readCatalog(): ActionCatalog {
  const data = JSON.parse(readFileSync(new URL('catalog.json', here), 'utf8')) as {
    workflowTypes: string[];
    actions: ActionFacts[];
  };
  return {
    action: (id) => data.actions.find((action) => action.id === id),
    actions: () => data.actions,
    workflowTypes: () => data.workflowTypes,
  };
}

function readCases(folder: 'valid' | 'invalid'): Array<[string, GoldenCase]> {
  const url = new URL(`${folder}/`, here);
  return readdirSync(url)
    .sort()
    .map((name) => [name, parse(readFileSync(new URL(name, url), 'utf8')) as GoldenCase]);
}

function told(finding: Finding): ExpectedFinding {
  const file = finding.file.replace(/^templates\/t\//, '');
  return {
    at: `${file}:${finding.line}:${finding.column}-${finding.endLine}:${finding.endColumn}`,
    ...(finding.severity === 'warning' ? { severity: 'warning' as const } : {}),
    code: finding.code,
    message: finding.message,
    ...(finding.hint === undefined ? {} : { hint: finding.hint }),
  };
}

describe.each(['valid', 'invalid'] as const)('%s templates', (folder) => {
  it.each(readCases(folder))('%s', (_name, golden) => {
    const files = { ...ALWAYS_THERE, 'templates/t/template.yaml': golden.template, ...golden.files };
    const { plan, findings } = compileTemplate(filesFromMap(new Map(Object.entries(files))), 't', catalog);
    expect(findings.map(told)).toEqual(golden.findings);
    expect(plan === null).toBe(folder === 'invalid');
    if (plan !== null)
      expect({ ...plan, digest: undefined, files: undefined }).toMatchObject(golden.plan ?? {});
  });
});

describe('the golden files', () => {
  it('are many enough to mean something', () => {
    expect(readCases('valid').length).toBeGreaterThanOrEqual(12);
    expect(readCases('invalid').length).toBeGreaterThanOrEqual(45);
  });

  it('hold what their folder says', () => {
    for (const [name, golden] of readCases('valid')) {
      expect([name, golden.findings.filter((finding) => finding.severity !== 'warning')]).toEqual([name, []]);
      expect(golden.plan).toBeDefined();
    }
    for (const [name, golden] of readCases('invalid'))
      expect([name, golden.findings.length > 0]).toEqual([name, true]);
  });
});
