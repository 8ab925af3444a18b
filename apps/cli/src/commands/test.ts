import { resolve } from 'node:path';
import type { ReplayResult } from '@stagewright/engine/testing';
import type { Command } from 'commander';
import type { ReplayReport } from '../registry/replay-folder.ts';
import type { UpdatedFile } from '../registry/update-folder.ts';
import { renderFinding } from '../render/findings.ts';
import { renderCase, renderCoverage } from '../render/replay-report.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

interface TestOptions {
  update?: boolean;
  coverage?: boolean;
  requireCoverage?: boolean;
  json?: boolean;
}

/** `stagewright test [path]`: replays the recorded cases of a registry or of one template. No model, no key. Exit 1 when one fails. */
export function registerTest(program: Command, terminal: Terminal): void {
  program
    .command('test')
    .description('replay the recorded cases of a registry, or of one of its templates')
    .argument('[path]', 'folder of a registry or of a template', '.')
    .option('--update', 'rewrite the values that failing cases state to what their runs give now')
    .option('--coverage', 'list the stages, branches and gates that no case reaches')
    .option('--require-coverage', 'exit with 1 when no case reaches one of them')
    .option('--json', 'print the results as JSON')
    .action(async (path: string, options: TestOptions) => {
      const { report, updated } = await replayed(resolve(terminal.cwd, path), options);
      const failed = report.findings.length > 0 || report.cases.some(({ passed }) => !passed);
      const isMissing =
        options.requireCoverage === true && report.coverage.some(({ missed }) => missed.length > 0);
      const ok = !failed && !isMissing;
      if (options.json === true) printJson(terminal, { ok, ...inJson(report), updated });
      else printReport(terminal, { report, updated, options });
      if (!ok) terminal.exitCode = 1;
    });
}

async function replayed(
  path: string,
  { update }: TestOptions,
): Promise<{ report: ReplayReport; updated: UpdatedFile[] }> {
  if (update === true) return await (await import('../registry/update-folder.ts')).updateFolder(path);
  const { replayFolder } = await import('../registry/replay-folder.ts');
  return { report: await replayFolder(path), updated: [] };
}

function printReport(
  terminal: Terminal,
  { report, updated, options }: { report: ReplayReport; updated: UpdatedFile[]; options: TestOptions },
): void {
  const { findings, cases, coverage } = report;
  for (const finding of findings) print(terminal, `${renderFinding(finding)}\n`);
  for (const result of cases) print(terminal, renderCase(result));
  for (const { path, changed } of updated) print(terminal, `updated ${path}: ${changed.join(', ')}`);
  const list = options.coverage === true || options.requireCoverage === true;
  if (coverage.length > 0) print(terminal, `\n${renderCoverage(coverage, list)}\n`);
  const passed = cases.filter((result) => result.passed).length;
  print(
    terminal,
    `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}: ${passed} passed, ${cases.length - passed} failed.`,
  );
}

function inJson({ findings, cases, coverage }: ReplayReport): Record<string, unknown> {
  return { findings, cases: cases.map(withoutRun), coverage };
}

/** The whole run is of no use in a report; nor is what the file would have to say, which `--update` writes. */
function withoutRun({ run: _run, differences, ...rest }: ReplayResult): object {
  return { ...rest, differences: differences.map(({ update: _update, at: _at, ...told }) => told) };
}
