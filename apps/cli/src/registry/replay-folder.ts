import { relative, resolve, sep } from 'node:path';
import { createIsolation } from '@stagewright/engine/isolation';
import { compileTemplate } from '@stagewright/engine/template';
import { coverageOf, replayCase } from '@stagewright/engine/testing';
import type { ReplayResult, TemplateCoverage } from '@stagewright/engine/testing';
import type { Plan } from '@stagewright/engine/template';
import type { Finding, Isolation } from '@stagewright/engine';
import { unknownTemplate } from '../cli.errors.ts';
import { PLUGIN_CATALOG } from '../plugins.ts';
import { atMostAtOnce } from './at-once.ts';
import { openRegistryFolder, templateNames } from './folder-files.ts';
import type { RegistryFolder } from './folder-files.ts';

export interface ReplayReport {
  /** Findings of templates that do not compile: their cases cannot be replayed. */
  findings: Finding[];
  cases: ReplayResult[];
  /** Of every template that compiles, also of one without a case. */
  coverage: TemplateCoverage[];
}

/** Cases that are replayed at once. More of them would only wait for the same processor. */
const AT_ONCE = 16;

/**
 * Replays the recorded cases of the registry that holds `path`, of the one template that it points at, or the one case.
 * Throws `CLI_NO_REGISTRY`.
 */
export async function replayFolder(path: string): Promise<ReplayReport> {
  return await withIsolation((isolation) => replayTemplates(openRegistryFolder(path), path, isolation));
}

/** Starting the threads of an isolation takes longer than dozens of cases: one serves for all. */
export async function withIsolation<T>(work: (isolation: Isolation) => Promise<T>): Promise<T> {
  const isolation = createIsolation();
  try {
    return await work(isolation);
  } finally {
    await isolation.close();
  }
}

/** The same of a folder that was read already. */
export async function replayTemplates(
  folder: RegistryFolder,
  path: string,
  isolation: Isolation,
): Promise<ReplayReport> {
  const only = relative(folder.root, resolve(path)).split(sep).join('/');
  const report: ReplayReport = { findings: [], cases: [], coverage: [] };
  for (const name of templatesOf(folder)) {
    const { plan, findings } = compileTemplate(folder.files, name, PLUGIN_CATALOG);
    if (plan === null) {
      report.findings.push(...findings.filter(({ severity }) => severity === 'error'));
      continue;
    }
    const cases = await replayTemplate(casesOf(folder, name, only), { folder, plan, isolation });
    report.cases.push(...cases);
    report.coverage.push(coverageOf({ plan, files: folder.files }, cases));
  }
  return report;
}

function templatesOf(folder: RegistryFolder): string[] {
  const { template } = folder;
  const names = templateNames(folder);
  if (template === null) return names;
  if (!names.includes(template)) throw unknownTemplate(template, names);
  return [template];
}

const CASE = '.test.yaml';

function casesOf({ files }: RegistryFolder, template: string, only: string): string[] {
  const all = files.list(`templates/${template}/tests/`).filter((path) => path.endsWith(CASE));
  return only.endsWith(CASE) ? all.filter((path) => path === only) : all;
}

interface Replaying {
  folder: RegistryFolder;
  plan: Plan;
  isolation: Isolation;
}

function replayTemplate(paths: string[], { folder, plan, isolation }: Replaying): Promise<ReplayResult[]> {
  return atMostAtOnce(paths, AT_ONCE, (path) => {
    const bytes = folder.files.read(path) ?? new Uint8Array();
    return replayCase({ plan, catalog: PLUGIN_CATALOG, isolation, path, bytes });
  });
}
