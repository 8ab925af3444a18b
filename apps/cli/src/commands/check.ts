import { resolve } from 'node:path';
import type { Finding } from '@stagewright/engine';
import type { Command } from 'commander';
import { countFindings, renderFinding } from '../render/findings.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** `stagewright check [path]`: every finding of a registry, or of one template in it. Exit 1 when one is an error. */
export function registerCheck(program: Command, terminal: Terminal): void {
  program
    .command('check')
    .description('find what is wrong in a registry, or in one of its templates')
    .argument('[path]', 'folder of a registry or of a template', '.')
    .option('--json', 'print the findings as JSON')
    .action(async (path: string, options: { json?: boolean }) => {
      const { checkFolder } = await import('../registry/check-folder.ts');
      const { checked, findings } = checkFolder(resolve(terminal.cwd, path));
      const failed = findings.some(({ severity }) => severity === 'error');
      if (options.json === true) printJson(terminal, { ok: !failed, checked, findings });
      else report(terminal, checked, findings);
      if (failed) terminal.exitCode = 1;
    });
}

function report(terminal: Terminal, checked: string[], findings: Finding[]): void {
  for (const finding of findings) print(terminal, `${renderFinding(finding)}\n`);
  print(
    terminal,
    `${checked.length} ${checked.length === 1 ? 'template' : 'templates'} checked: ${countFindings(findings)}.`,
  );
}
