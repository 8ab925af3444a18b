import type { Finding } from '../../errors/finding.ts';
import type { CheckedRegistry, CheckedTemplate } from '../check-registry.ts';
import type { Plan, Value } from '../plan.ts';
import { diffPlans } from './diff-plans.ts';
import type { PlanDiff } from './diff-plans.ts';

/** What became of one template between two revisions of a registry. */
export interface TemplateDiff {
  name: string;
  /** `mended`: it did not compile before, so there is nothing to compare it with. `broken`: it does not compile now. */
  state: 'added' | 'removed' | 'changed' | 'mended' | 'broken';
  /** Version on either side; null where it is not there or does not compile. */
  versions: { from: string | null; to: string | null };
  /** Only for `changed`. */
  diff: PlanDiff | null;
  /** Only for `broken`: the errors. */
  findings: Finding[];
  /** Files outside the template's folder that are different, and that it is made of. */
  shared: string[];
  /** Templates whose end actions or stages start runs of this one, by name. */
  startedBy: string[];
}

/** A file that several templates may use. */
export interface SharedFile {
  path: string;
  /** Templates that are made of it, on either side, by name. */
  templates: string[];
}

export interface RegistryDiff {
  /** Templates that are different, by name. */
  templates: TemplateDiff[];
  shared: SharedFile[];
  /** Nothing is broken, and every version was raised by enough. */
  ok: boolean;
}

/** Compares all templates of two revisions of a registry. */
export function diffRegistries(before: CheckedRegistry, after: CheckedRegistry): RegistryDiff {
  const names = [...new Set([...before.templates, ...after.templates].map(({ name }) => name))].sort();
  const starters = startersOf(after);
  const templates = names.flatMap((name) => {
    const at = (side: CheckedRegistry): CheckedTemplate | undefined =>
      side.templates.find((template) => template.name === name);
    return diffTemplate(name, at(before), at(after), starters.get(name) ?? []);
  });
  return { templates, shared: sharedFiles(templates), ok: templates.every(isFine) };
}

function isFine({ state, diff }: TemplateDiff): boolean {
  return state !== 'broken' && (diff === null || diff.version.enough);
}

function diffTemplate(
  name: string,
  before: CheckedTemplate | undefined,
  after: CheckedTemplate | undefined,
  startedBy: string[],
): TemplateDiff[] {
  const [was, is] = [before?.plan ?? null, after?.plan ?? null];
  const facts = {
    name,
    versions: { from: was?.version ?? null, to: is?.version ?? null },
    diff: null,
    findings: [],
    shared: [],
    startedBy,
  };
  if (after === undefined) return [{ ...facts, state: 'removed' }];
  if (is === null) {
    const findings = after.findings.filter(({ severity }) => severity === 'error');
    return [{ ...facts, state: 'broken', findings }];
  }
  if (before === undefined)
    return [{ ...facts, state: 'added', shared: outside(name, Object.keys(is.files)) }];
  if (was === null) return [{ ...facts, state: 'mended' }];
  if (was.digest === is.digest) return [];
  const diff = diffPlans(was, is);
  return [{ ...facts, state: 'changed', diff, shared: outside(name, diff.files) }];
}

function outside(name: string, paths: string[]): string[] {
  return paths.filter((path) => !path.startsWith(`templates/${name}/`));
}

function sharedFiles(templates: TemplateDiff[]): SharedFile[] {
  const users = new Map<string, string[]>();
  for (const { name, state, shared } of templates) {
    if (state !== 'changed') continue;
    for (const path of shared) users.set(path, [...(users.get(path) ?? []), name]);
  }
  return [...users].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, names]) => ({ path, templates: names }));
}

/** Template -> templates that start it by name. One that is computed while a run goes on cannot be told. */
function startersOf({ templates }: CheckedRegistry): Map<string, string[]> {
  const starters = new Map<string, string[]>();
  for (const { name, plan } of templates) {
    for (const started of plan === null ? [] : startsOf(plan)) {
      starters.set(started, [...(starters.get(started) ?? []), name]);
    }
  }
  return starters;
}

function startsOf(plan: Plan): string[] {
  const calls = [
    ...plan.onComplete,
    ...plan.stages.flatMap((stage) => (stage.mode === 'system' ? [stage] : [])),
  ];
  const names = calls.flatMap(({ uses, with: given }) =>
    uses === 'workflow/start' ? literal(given['template']) : [],
  );
  return [...new Set(names)];
}

function literal(value: Value | undefined): string[] {
  return value?.kind === 'literal' && typeof value.value === 'string' ? [value.value] : [];
}
