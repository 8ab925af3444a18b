import type { Command } from 'commander';
import type { RunPreview, RunView } from '@stagewright/engine';
import { connect } from '../hosts/server-connection.ts';
import { renderPreview } from '../render/preview.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { serverUrl } from './option-values.ts';
import { showRun } from './verbs.ts';

interface AgainOptions {
  server?: string;
  json?: boolean;
  dryRun?: boolean;
}

type Again = 'retry' | 'rerun' | 'upgrade';

/** The verbs that make things again: `retry`, `rerun`, `upgrade`. With `--dry-run` they say what they would do. */
export function registerAgain(program: Command, terminal: Terminal): void {
  const verb = (name: Again, description: string): Command =>
    program
      .command(name)
      .description(description)
      .argument('<run>', 'id of the run')
      .option('--dry-run', 'only say what would be made again, and what it is likely to cost')
      .option('--server <url>', 'the server', serverUrl)
      .option('--json', 'print JSON');
  verb('retry', 'make the failed stages of a failed run again').action(sender(terminal, 'retry', () => ({})));
  verb('rerun', 'make a stage again, and everything that depends on it')
    .requiredOption('--from <stage>', 'the first stage to make again')
    .action(sender(terminal, 'rerun', ({ from }: AgainOptions & { from: string }) => ({ from })));
  verb('upgrade', 'go on under another revision of the template, making again only what changed')
    .option('--to <revision>', 'commit or digest (default: what the registry serves now)')
    .action(
      sender(terminal, 'upgrade', ({ to }: AgainOptions & { to?: string }) =>
        to === undefined ? {} : { revision: to },
      ),
    );
}

function sender<Options extends AgainOptions>(
  terminal: Terminal,
  verb: Again,
  bodyOf: (options: Options) => object,
) {
  return async (run: string, options: Options): Promise<void> => {
    const client = await connect(terminal, options);
    if (options.dryRun !== true) {
      // The server's answers are the engine's own types: its response schemas are annotated with them.
      const view = await client.sendVerb(run, verb, bodyOf(options));
      return showRun(terminal, view as unknown as RunView, options);
    }
    const preview = (await client.previewVerb(run, verb, bodyOf(options))) as RunPreview;
    if (options.json === true) printJson(terminal, preview);
    else print(terminal, renderPreview(preview));
  };
}
