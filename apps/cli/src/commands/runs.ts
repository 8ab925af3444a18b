import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { RunState } from '@stagewright/engine';
import { saveArtifacts } from '../artifact-files.ts';
import { connect } from '../hosts/server-connection.ts';
import { createServerHost } from '../hosts/server-host.ts';
import { renderRunList } from '../render/run-list.ts';
import { renderArtifacts, renderRun } from '../render/run-summary.ts';
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

/** `stagewright runs`, `show RUN`, `artifacts RUN`: looking at runs of a server. */
export function registerRuns(program: Command, terminal: Terminal): void {
  program
    .command('runs')
    .description('list the runs of a server, newest first')
    .option('--server <url>', 'the server', serverUrl)
    .addOption(new Option('--state <state>', 'only runs in this state').choices(STATES))
    .option('--template <name>', 'only runs of this template')
    .option('--skip <number>', 'leave out the first ones', wholeNumber(0), 0)
    .option('--limit <number>', 'at most so many, up to 100', wholeNumber(1, 100), 20)
    .option('--json', 'print JSON')
    .action(
      async (
        options: ServerOptions & { state?: RunState; template?: string; skip: number; limit: number },
      ) => {
        const client = await connect(terminal, options);
        const page = await client.listRuns({
          state: options.state,
          template: options.template,
          skip: options.skip,
          limit: options.limit,
        });
        if (options.json === true) printJson(terminal, page);
        else print(terminal, renderRunList(page.items, page.total));
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
  program
    .command('artifacts')
    .description('list the files of a run, or save them')
    .argument('<run>', 'id of the run')
    .option('--server <url>', 'the server', serverUrl)
    .option('--out <dir>', 'save the files here')
    .option('--json', 'print JSON')
    .action(async (run: string, options: ServerOptions & { out?: string }) => {
      const host = createServerHost(await connect(terminal, options));
      const view = await host.get(run);
      const saved =
        options.out === undefined
          ? []
          : await saveArtifacts(host, view.artifacts, resolve(terminal.cwd, options.out));
      if (options.json === true) printJson(terminal, { artifacts: view.artifacts, saved });
      else if (options.out === undefined)
        print(terminal, renderArtifacts(view).join('\n').trimStart() || 'No files.');
      else for (const path of saved) print(terminal, `saved ${path}`);
    });
}
