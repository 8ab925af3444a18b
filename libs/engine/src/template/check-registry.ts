import type { Finding } from '../errors/finding.ts';
import type { ActionCatalog } from './catalog.ts';
import { checkManifest } from './check/check-manifest.ts';
import { checkShared } from './check/check-shared.ts';
import { checkCodeowners } from './codeowners/codeowners.ts';
import { compileTemplate } from './compile-template.ts';
import type { CompiledTemplate } from './compile-template.ts';
import type { Plan } from './plan.ts';
import type { RegistryFiles } from './registry-files.ts';
import { sortFindings } from './source/report.ts';
import { readCase } from './test-file.ts';

export interface CheckedTemplate extends CompiledTemplate {
  name: string;
  /** What is wrong with its tests, `tests/*.test.yaml`. A template serves although a test of it is broken. */
  testFindings: Finding[];
}

export interface CheckedRegistry {
  /** Every template, sorted by name, the broken ones too. */
  templates: CheckedTemplate[];
  /** All findings, each once, sorted by file, line and column; also those that belong to no template. */
  findings: Finding[];
}

/**
 * Checks a registry: its manifest, its CODEOWNERS, what its templates share, every template and the tests of every template. What is broken
 * in one place does not keep the rest from compiling.
 */
export function checkRegistry(files: RegistryFiles, catalog: ActionCatalog): CheckedRegistry {
  return gatherChecks(
    files,
    templateNames(files).map((name) => checkTemplate(files, name, catalog)),
  );
}

/** One template of a registry and its tests. */
export function checkTemplate(files: RegistryFiles, name: string, catalog: ActionCatalog): CheckedTemplate {
  const compiled = compileTemplate(files, name, catalog);
  return { name, ...compiled, testFindings: checkTests(files, name, compiled.plan) };
}

/** What the checks of all templates say together, with those of the manifest and of what templates share. */
export function gatherChecks(files: RegistryFiles, templates: CheckedTemplate[]): CheckedRegistry {
  const unique = new Map<string, Finding>();
  const all = templates.flatMap(({ findings, testFindings }) => [...findings, ...testFindings]);
  const ofNoTemplate = [...checkManifest(files), ...checkCodeowners(files), ...checkShared(files)];
  for (const finding of [...ofNoTemplate, ...all]) {
    const { file, line, column, code, message } = finding;
    unique.set(JSON.stringify([file, line, column, code, message]), finding);
  }
  return { templates, findings: sortFindings([...unique.values()]) };
}

function checkTests(files: RegistryFiles, name: string, plan: Plan | null): Finding[] {
  return files.list(`templates/${name}/tests/`).flatMap((path) => {
    if (path.endsWith('.test.yaml'))
      return readCase(path, files.read(path) ?? new Uint8Array(), plan).findings;
    return /\.test\.[a-z]+$/.test(path) ? [neverRun(path)] : [];
  });
}

/** A test that is passed over without a word would be taken for one that passes. */
function neverRun(path: string): Finding {
  return {
    code: 'TEST_NAME',
    severity: 'warning',
    message: 'This test is never run: the name of a test ends with ".test.yaml".',
    hint: 'Rename the file.',
    file: path,
    line: 1,
    column: 1,
  };
}

/** Folders directly under `templates/`. One without a `template.yaml` counts: its absence is a finding. */
export function templateNames(files: RegistryFiles): string[] {
  const names = files
    .list('templates/')
    .map((path) => path.split('/'))
    .filter((segments) => segments.length > 2)
    .map((segments) => segments[1] ?? '');
  return [...new Set(names)].sort();
}
