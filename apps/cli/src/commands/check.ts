import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Finding } from '@stagewright/engine';
import type { Command } from 'commander';
import { countFindings, renderFinding } from '../render/findings.ts';
import { renderWorkflowCommand } from '../render/github.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** `stagewright check [path]`: every finding of a registry, or of one template in it. Exit 1 when one is an error. */
export function registerCheck(program: Command, terminal: Terminal): void {
  program
    .command('check')
    .description('find what is wrong in a registry, or in one of its templates')
    .argument('[path]', 'folder of a registry or of a template', '.')
    .addOption(
      new Option('--format <format>', 'how to print them').choices(['text', 'github']).default('text'),
    )
    .option('--json', 'print the findings as JSON')
    .action(async (path: string, options: { json?: boolean; format: 'text' | 'github' }) => {
      const { checkFolder } = await import('../registry/check-folder.ts');
      const { root, checked, findings } = checkFolder(resolve(terminal.cwd, path));
      const failed = findings.some(({ severity }) => severity === 'error');
      if (options.json === true) printJson(terminal, { ok: !failed, checked, findings });
      else if (options.format === 'github') await annotate(terminal, root, findings);
      else for (const finding of findings) print(terminal, `${renderFinding(finding)}\n`);
      if (options.json !== true) print(terminal, summary(checked, findings));
      if (failed) terminal.exitCode = 1;
    });
}

/** GitHub wants paths from the root of the repository. Outside of one, those of the registry have to do. */
async function annotate(terminal: Terminal, root: string, findings: Finding[]): Promise<void> {
  const { prefixOf } = await import('../git/repository.ts');
  const prefix = await prefixOf(root);
  for (const finding of findings) print(terminal, renderWorkflowCommand(finding, prefix));
}

function summary(checked: string[], findings: Finding[]): string {
  return `${checked.length} ${checked.length === 1 ? 'template' : 'templates'} checked: ${countFindings(findings)}.`;
}
