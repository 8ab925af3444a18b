import type { Finding } from '../errors/finding.ts';
import type { ActionCatalog } from './catalog.ts';
import { checkShared } from './check/check-shared.ts';
import { checkTemplate, templateNames } from './check-registry.ts';
import type { CheckedTemplate } from './check-registry.ts';
import type { RegistryFiles } from './registry-files.ts';
import { sortFindings } from './source/report.ts';

export interface RegistryChange {
  before: RegistryFiles;
  after: RegistryFiles;
  /** Name of the template whose folder differs; null when only shared files do. */
  template: string | null;
}

export interface CheckedChange {
  /** Sorted by file, line and column. An error stands in the way of the change. */
  findings: Finding[];
  /** The changed template; null when there is none, or none any more. */
  template: CheckedTemplate | null;
}

/**
 * Checks what a change does to a registry: the template that it is about with its tests, the shared files that it
 * touches, and every template that it breaks. What was broken before, and is not what is changed, does not count.
 */
export function checkChange(change: RegistryChange, catalog: ActionCatalog): CheckedChange {
  const { after, template } = change;
  if (template === null) return { findings: sortFindings(findingsOfShared(change, catalog)), template: null };
  if (after.list(`templates/${template}/`).length === 0) return { findings: [], template: null };
  const checked = checkTemplate(after, template, catalog);
  return { findings: sortFindings([...checked.findings, ...checked.testFindings]), template: checked };
}

/** Of the shared files themselves, and of the templates that can no longer use them. */
function findingsOfShared({ before, after }: RegistryChange, catalog: ActionCatalog): Finding[] {
  const known = new Set(checkShared(before).map(keyOf));
  const found = new Map(
    checkShared(after)
      .filter((finding) => !known.has(keyOf(finding)) || differs(before, after, finding.file))
      .map((finding) => [keyOf(finding), finding]),
  );
  for (const name of templateNames(after)) {
    const checked = checkTemplate(after, name, catalog);
    if (checked.plan !== null || checkTemplate(before, name, catalog).plan === null) continue;
    for (const finding of checked.findings) found.set(keyOf(finding), finding);
  }
  return [...found.values()];
}

function differs(before: RegistryFiles, after: RegistryFiles, path: string): boolean {
  const [old, present] = [before.read(path), after.read(path)];
  return old === undefined || present === undefined || Buffer.compare(old, present) !== 0;
}

function keyOf({ file, line, column, code, message }: Finding): string {
  return JSON.stringify([file, line, column, code, message]);
}
