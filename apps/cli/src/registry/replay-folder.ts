import { createIsolation } from '@stagewright/engine/isolation';
import { compileTemplate } from '@stagewright/engine/template';
import { replayCase } from '@stagewright/engine/testing';
import type { ReplayResult } from '@stagewright/engine/testing';
import type { Finding, Isolation } from '@stagewright/engine';
import { unknownTemplate } from '../cli.errors.ts';
import { PLUGIN_CATALOG } from '../plugins.ts';
import { openRegistryFolder } from './folder-files.ts';
import type { RegistryFolder } from './folder-files.ts';

export interface ReplayReport {
  /** Findings of templates that do not compile: their cases cannot be replayed. */
  findings: Finding[];
  cases: ReplayResult[];
}

/** Replays the recorded cases of the registry that holds `path`, or of the one template that it points at. Throws `CLI_NO_REGISTRY`. */
export async function replayFolder(path: string): Promise<ReplayReport> {
  const folder = openRegistryFolder(path);
  const isolation = createIsolation();
  try {
    const results = await Promise.all(
      templatesOf(folder).map((name) => replayTemplate(folder, name, isolation)),
    );
    return {
      findings: results.flatMap(({ findings }) => findings),
      cases: results.flatMap(({ cases }) => cases),
    };
  } finally {
    await isolation.close();
  }
}

function templatesOf({ files, template }: RegistryFolder): string[] {
  const names = new Set(files.list('templates/').map((path) => path.split('/')[1] ?? ''));
  if (template === null) return [...names].sort();
  if (!names.has(template)) throw unknownTemplate(template, [...names]);
  return [template];
}

async function replayTemplate(
  { files }: RegistryFolder,
  name: string,
  isolation: Isolation,
): Promise<ReplayReport> {
  const paths = files.list(`templates/${name}/tests/`).filter((path) => path.endsWith('.test.yaml'));
  const { plan, findings } = compileTemplate(files, name, PLUGIN_CATALOG);
  if (plan === null) return { findings: findings.filter(({ severity }) => severity === 'error'), cases: [] };
  const replay = (path: string) =>
    replayCase({
      plan,
      catalog: PLUGIN_CATALOG,
      isolation,
      path,
      bytes: files.read(path) ?? new Uint8Array(),
    });
  return { findings: [], cases: await Promise.all(paths.map(replay)) };
}
