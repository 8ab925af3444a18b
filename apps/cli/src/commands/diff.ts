import { Option } from 'commander';
import type { Command } from 'commander';
import { connect } from '../hosts/server-connection.ts';
import type { Comparison } from '../registry/compare-revisions.ts';
import type { Reach } from '../registry/reach-of.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { serverUrl } from './option-values.ts';

export interface DiffOptions {
  registry: string;
  mergeBase?: boolean;
  server?: string;
  format?: 'text' | 'markdown';
  json?: boolean;
}

/** `stagewright diff BASE [HEAD]`: what is different, and whether versions say so. Exit 1 when one does not, or HEAD is broken. */
export function registerDiff(program: Command, terminal: Terminal): void {
  program
    .command('diff')
    .description('what is different between two Git revisions of a registry, and which version it asks for')
    .argument('<base>', 'branch, tag or commit to compare with')
    .argument('[head]', 'branch, tag or commit (default: the files as they are in the folder)')
    .argument('[path]', 'folder of a registry or of a template (default: where one stands)')
    .option('--merge-base', 'compare with the commit where both parted, as a pull request does')
    .option('--server <url>', 'also say which runs of this server the change touches', serverUrl)
    .addOption(
      new Option('--format <format>', 'how to print it').choices(['text', 'markdown']).default('text'),
    )
    .option('--json', 'print JSON')
    .action(
      async (base: string, head: string | undefined, path: string | undefined, options: DiffOptions) => {
        const { compareRevisions } = await import('../registry/compare-revisions.ts');
        const { mergeBase } = options;
        const comparison = await compareRevisions({ cwd: terminal.cwd, base, head, path, mergeBase });
        const reach = await askServer(terminal, comparison, options);
        await show(terminal, comparison, { reach, options });
        if (!comparison.diff.ok) terminal.exitCode = 1;
      },
    );
}

/** What a server says of the templates that are different; nothing when none is named. */
export async function askServer(
  terminal: Terminal,
  { diff }: Comparison,
  { server }: { server?: string },
): Promise<Reach[]> {
  if (server === undefined) return [];
  const { reachOf } = await import('../registry/reach-of.ts');
  return reachOf(await connect(terminal, { server }), diff);
}

async function show(
  terminal: Terminal,
  { base, head, diff }: Comparison,
  { reach, options }: { reach: Reach[]; options: DiffOptions },
): Promise<void> {
  if (options.json === true) {
    const sides = {
      base: { name: base.name, commit: base.commit },
      head: { name: head.name, commit: head.commit },
    };
    return printJson(terminal, { ...sides, ...diff, ...(options.server === undefined ? {} : { reach }) });
  }
  if (options.format === 'markdown') {
    const { diffSection } = await import('../report/diff-section.ts');
    return print(terminal, diffSection(diff, reach).join('\n'));
  }
  const { renderRegistryDiff } = await import('../render/registry-diff.ts');
  print(terminal, renderRegistryDiff(diff, reach));
}
