import { Option } from 'commander';
import type { Command } from 'commander';
import type { RunState } from '@stagewright/engine';
import { connect } from '../hosts/server-connection.ts';
import { createServerHost } from '../hosts/server-host.ts';
import { renderRunList } from '../render/run-list.ts';
import { renderRun } from '../render/run-summary.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { serverUrl, wholeNumber } from './option-values.ts';

const STATES: RunState[] = [
  'draft',
  'running',
  'approval_pending',
  'input_pending',
  'paused',
  'done',
  'failed',
  'cancelled',
];

interface ServerOptions {
  server?: string;
  json?: boolean;
}

/** `stagewright runs`, `show RUN`: looking at runs of a server. */
export function registerRuns(program: Command, terminal: Terminal): void {
  program
    .command('runs')
    .description('list the runs of a server, newest first')
    .option('--server <url>', 'the server', serverUrl)
    .addOption(new Option('--state <state>', 'only runs in this state').choices(STATES))
    .option('--template <name>', 'only runs of this template')
    .option('--skip <number>', 'leave out the first ones', wholeNumber(0), 0)
    .option('--after <place>', 'go on where a list ended; quick however far that is')
    .option('--limit <number>', 'at most so many, up to 100', wholeNumber(1, 100), 20)
    .option('--json', 'print JSON')
    .action(
      async (
        options: ServerOptions & {
          state?: RunState;
          template?: string;
          after?: string;
          skip: number;
          limit: number;
        },
      ) => {
        const client = await connect(terminal, options);
        const page = await client.listRuns({
          state: options.state,
          template: options.template,
          after: options.after,
          skip: options.skip,
          limit: options.limit,
        });
        if (options.json === true) printJson(terminal, page);
        else print(terminal, renderRunList(page.items, page.total, page.next));
      },
    );
  program
    .command('show')
    .description('show a run: stages, what it waits for, files')
    .argument('<run>', 'id of the run')
    .option('--server <url>', 'the server', serverUrl)
    .option('--json', 'print JSON')
    .action(async (run: string, options: ServerOptions) => {
      const view = await createServerHost(await connect(terminal, options)).get(run);
      if (options.json === true) printJson(terminal, view);
      else print(terminal, renderRun(view));
    });
}
