import { resolve } from 'node:path';
import { createIsolation } from '@stagewright/engine/isolation';
import { compileTemplate } from '@stagewright/engine/template';
import { replayCase } from '@stagewright/engine/testing';
import type { ReplayResult } from '@stagewright/engine/testing';
import type { Finding, Isolation } from '@stagewright/engine';
import type { Command } from 'commander';
import { colours } from '../render/colours.ts';
import { unknownTemplate } from '../cli.errors.ts';
import { openRegistryFolder } from '../registry/folder-files.ts';
import type { RegistryFolder } from '../registry/folder-files.ts';
import { renderFinding } from '../render/findings.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

interface TestReport {
  /** Findings of templates that do not compile: their cases cannot be replayed. */
  findings: Finding[];
  cases: ReplayResult[];
}

/** `stagewright test [path]`: replays the recorded cases of a registry or of one template. No model, no key. Exit 1 when one fails. */
export function registerTest(program: Command, terminal: Terminal): void {
  program
    .command('test')
    .description('replay the recorded cases of a registry, or of one of its templates')
    .argument('[path]', 'folder of a registry or of a template', '.')
    .option('--json', 'print the results as JSON')
    .action(async (path: string, options: { json?: boolean }) => {
      const report = await replayAll(openRegistryFolder(resolve(terminal.cwd, path)));
      const failed = report.findings.length > 0 || report.cases.some(({ passed }) => !passed);
      if (options.json === true)
        printJson(terminal, { ok: !failed, findings: report.findings, cases: report.cases.map(withoutRun) });
      else printReport(terminal, report);
      if (failed) terminal.exitCode = 1;
    });
}

async function replayAll(folder: RegistryFolder): Promise<TestReport> {
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
): Promise<TestReport> {
  const paths = files.list(`templates/${name}/tests/`).filter((path) => path.endsWith('.test.yaml'));
  const { PLUGIN_CATALOG } = await import('../plugins.ts');
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

function printReport(terminal: Terminal, { findings, cases }: TestReport): void {
  for (const finding of findings) print(terminal, `${renderFinding(finding)}\n`);
  for (const result of cases) {
    print(
      terminal,
      `${result.passed ? colours.green('✔') : colours.red('✖')} ${result.title}  ${colours.dim(result.path)}`,
    );
    for (const finding of result.findings) print(terminal, `  ${renderFinding(finding)}`);
    for (const { path, message } of result.differences) print(terminal, `  ${path} ${message}`);
  }
  const passed = cases.filter((result) => result.passed).length;
  print(
    terminal,
    `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}: ${passed} passed, ${cases.length - passed} failed.`,
  );
}

/** The whole run is of no use in a report. */
function withoutRun({ run: _run, ...rest }: ReplayResult): Omit<ReplayResult, 'run'> {
  return rest;
}
