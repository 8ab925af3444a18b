import type { Finding } from '../../errors/finding.ts';
import type { RegistryFiles } from '../registry-files.ts';
import { decode } from '../source/read-source.ts';
import { Report } from '../source/report.ts';
import { matchesPath } from './match-path.ts';
import { parseCodeowners } from './parse-codeowners.ts';

/** Where GitHub looks for it, in this order; paths are those of the registry. */
const PLACES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

/**
 * Who owns a template by the registry's CODEOWNERS, as gates name people: the last line that takes its `template.yaml` in
 * decides. Null: the registry has no such file, or it cannot be read.
 */
export function codeownersOf(files: RegistryFiles, template: string): string[] | null {
  const text = read(files, new Report())?.text;
  if (text === undefined) return null;
  const path = `templates/${template}/template.yaml`;
  const rule = parseCodeowners(text).rules.findLast(({ pattern }) => matchesPath(pattern, path));
  return [...new Set(rule?.approvers ?? [])];
}

/** Lines of CODEOWNERS that are not understood: whoever wrote them counts on them. */
export function checkCodeowners(files: RegistryFiles): Finding[] {
  const report = new Report();
  const source = read(files, report);
  if (source === null)
    return report.sorted().map((finding) => ({ ...finding, code: 'REGISTRY_CODEOWNERS_INVALID' }));
  for (const { start, end, fault } of parseCodeowners(source.text).faults)
    report.error({ source, start, end }, fault);
  return report.sorted();
}

function read(files: RegistryFiles, report: Report): ReturnType<typeof decode> {
  const path = PLACES.find((place) => files.read(place) !== undefined);
  const bytes = path === undefined ? undefined : files.read(path);
  return path === undefined || bytes === undefined ? null : decode(path, bytes, report);
}
