import { resolve } from 'node:path';
import { checkRegistry } from '@stagewright/engine/template';
import type { Finding } from '@stagewright/engine';
import type { Command } from 'commander';
import { unknownTemplate } from '../cli.errors.ts';
import { openRegistryFolder } from '../registry/folder-files.ts';
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
      const { checked, findings } = await check(resolve(terminal.cwd, path));
      const failed = findings.some(({ severity }) => severity === 'error');
      if (options.json === true) printJson(terminal, { ok: !failed, checked, findings });
      else report(terminal, checked, findings);
      if (failed) terminal.exitCode = 1;
    });
}

async function check(path: string): Promise<{ checked: string[]; findings: Finding[] }> {
  const { PLUGIN_CATALOG } = await import('../plugins.ts');
  const folder = openRegistryFolder(path);
  const result = checkRegistry(folder.files, PLUGIN_CATALOG);
  const names = result.templates.map(({ name }) => name);
  if (folder.template === null) return { checked: names, findings: result.findings };
  const template = result.templates.find(({ name }) => name === folder.template);
  if (template === undefined) throw unknownTemplate(folder.template, names);
  return { checked: [template.name], findings: [...template.findings, ...template.testFindings] };
}

function report(terminal: Terminal, checked: string[], findings: Finding[]): void {
  for (const finding of findings) print(terminal, `${renderFinding(finding)}\n`);
  print(
    terminal,
    `${checked.length} ${checked.length === 1 ? 'template' : 'templates'} checked: ${countFindings(findings)}.`,
  );
}
