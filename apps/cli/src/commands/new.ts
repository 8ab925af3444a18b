import { relative } from 'node:path';
import { Argument } from 'commander';
import type { Command } from 'commander';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

interface NewOptions {
  type: string;
  registry?: string;
  json?: boolean;
}

/** `stagewright new template NAME`: a complete template that checks and tests cleanly, to begin with. */
export function registerNew(program: Command, terminal: Terminal): void {
  program
    .command('new')
    .description('make a template to begin with; in an empty folder, a registry as well')
    .addArgument(new Argument('<what>', 'what to make').choices(['template']))
    .argument('<name>', 'its name: lower-case letters, digits, - and _')
    .option('--type <type>', 'workflow type: what it makes', 'ebook')
    .option('--registry <path>', 'folder of the registry (default: the one around, else the folder registry)')
    .option('--json', 'print JSON')
    .action(async (_what: string, name: string, { type, registry, json }: NewOptions) => {
      const { newTemplate } = await import('../scaffold/new-template.ts');
      const made = newTemplate({ name, type }, { cwd: terminal.cwd, registry });
      if (json === true) return printJson(terminal, made);
      const place = relative(terminal.cwd, made.root) || '.';
      print(
        terminal,
        [
          ...made.files.map((file) => `  ${file}`),
          `${made.isNewRegistry ? 'A registry and its first template' : 'A template'} in ${place === '.' ? 'this folder' : place}.`,
          `Next: stagewright check ${place} && stagewright test ${place}, then edit templates/${name}/template.yaml.`,
          ...(made.isNewRegistry ? ['A server reads it from Git: run "git init" there, and commit.'] : []),
        ].join('\n'),
      );
    });
}
