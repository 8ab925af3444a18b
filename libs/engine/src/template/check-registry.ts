import type { Finding } from '../errors/finding.ts';
import type { ActionCatalog } from './catalog.ts';
import { compileTemplate } from './compile-template.ts';
import type { CompiledTemplate } from './compile-template.ts';
import type { RegistryFiles } from './registry-files.ts';
import { sortFindings } from './source/report.ts';

export interface CheckedRegistry {
  /** Every template, sorted by name, the broken ones too. */
  templates: Array<CompiledTemplate & { name: string }>;
  /** All findings, each once, sorted by file, line and column; also those that belong to no template. */
  findings: Finding[];
}

/** Compiles every template of a registry. One broken template does not keep the others from compiling. */
export function checkRegistry(files: RegistryFiles, catalog: ActionCatalog): CheckedRegistry {
  const templates = templateNames(files).map((name) => ({ name, ...compileTemplate(files, name, catalog) }));
  const unique = new Map<string, Finding>();
  for (const finding of templates.flatMap((template) => template.findings)) {
    const { file, line, column, code, message } = finding;
    unique.set(JSON.stringify([file, line, column, code, message]), finding);
  }
  return { templates, findings: sortFindings([...unique.values()]) };
}

/** Folders directly under `templates/`. One without a `template.yaml` counts: its absence is a finding. */
function templateNames(files: RegistryFiles): string[] {
  const names = files
    .list('templates/')
    .map((path) => path.split('/'))
    .filter((segments) => segments.length > 2)
    .map((segments) => segments[1] ?? '');
  return [...new Set(names)].sort();
}
