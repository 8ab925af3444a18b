import { resolve } from 'node:path';
import type { ReplayResult } from '@stagewright/engine/testing';
import type { Command } from 'commander';
import { colours } from '../render/colours.ts';
import type { ReplayReport } from '../registry/replay-folder.ts';
import { renderFinding } from '../render/findings.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** `stagewright test [path]`: replays the recorded cases of a registry or of one template. No model, no key. Exit 1 when one fails. */
export function registerTest(program: Command, terminal: Terminal): void {
  program
    .command('test')
    .description('replay the recorded cases of a registry, or of one of its templates')
    .argument('[path]', 'folder of a registry or of a template', '.')
    .option('--json', 'print the results as JSON')
    .action(async (path: string, options: { json?: boolean }) => {
      const { replayFolder } = await import('../registry/replay-folder.ts');
      const report = await replayFolder(resolve(terminal.cwd, path));
      const failed = report.findings.length > 0 || report.cases.some(({ passed }) => !passed);
      if (options.json === true)
        printJson(terminal, { ok: !failed, findings: report.findings, cases: report.cases.map(withoutRun) });
      else printReport(terminal, report);
      if (failed) terminal.exitCode = 1;
    });
}

function printReport(terminal: Terminal, { findings, cases }: ReplayReport): void {
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
