import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { print } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { askServer } from './diff.ts';
import { serverUrl } from './option-values.ts';

interface ReportOptions {
  mergeBase?: boolean;
  server?: string;
  out?: string;
}

/** `stagewright report BASE [HEAD]`: all that a reviewer wants to know of a change, as Markdown. Exit 1 as `check`, `test` and `diff` together. */
export function registerReport(program: Command, terminal: Terminal): void {
  program
    .command('report')
    .description(
      'a Markdown report of a change: differences, findings, recorded cases, cost, before and after',
    )
    .argument('<base>', 'branch, tag or commit to compare with')
    .argument('[head]', 'branch, tag or commit (default: the files as they are in the folder)')
    .argument('[path]', 'folder of a registry (default: where one stands)')
    .option('--merge-base', 'compare with the commit where both parted, as a pull request does')
    .option('--server <url>', 'also say which runs of this server the change touches', serverUrl)
    .option('--out <file>', 'write it to a file instead')
    .action(
      async (base: string, head: string | undefined, path: string | undefined, options: ReportOptions) => {
        const { compareRevisions } = await import('../registry/compare-revisions.ts');
        const { makeReport } = await import('../report/report.ts');
        const { mergeBase, out } = options;
        const comparison = await compareRevisions({ cwd: terminal.cwd, base, head, path, mergeBase });
        const { ok, markdown } = await makeReport(comparison, await askServer(terminal, comparison, options));
        if (out === undefined) print(terminal, markdown);
        else await writeFile(resolve(terminal.cwd, out), `${markdown}\n`);
        if (!ok) terminal.exitCode = 1;
      },
    );
}
