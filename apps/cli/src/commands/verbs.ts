import type { Command } from 'commander';
import type { RunView } from '@stagewright/engine';
import type { VerbRequest } from '../hosts/run-host.ts';
import { connect } from '../hosts/server-connection.ts';
import { createServerHost } from '../hosts/server-host.ts';
import { renderRun } from '../render/run-summary.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { dollars, serverUrl } from './option-values.ts';

interface VerbOptions {
  server?: string;
  json?: boolean;
}

/** The verbs that steer a run, each a command: `stagewright pause RUN`. */
export function registerVerbs(program: Command, terminal: Terminal): void {
  const verb = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .argument('<run>', 'id of the run')
      .option('--server <url>', 'the server', serverUrl)
      .option('--json', 'print JSON');
  verb('start', 'start a draft').action(sender(terminal, () => ({ type: 'start' })));
  verb('pause', 'start nothing new until it is resumed').action(sender(terminal, () => ({ type: 'pause' })));
  verb('resume', 'go on with a paused run')
    .option('--budget <usd>', 'a new budget in USD', dollars)
    .action(
      sender(terminal, ({ budget }: VerbOptions & { budget?: number }) => ({
        type: 'resume',
        ...(budget === undefined ? {} : { budgetUsd: budget }),
      })),
    );
  verb('cancel', 'end a run')
    .option('--reason <text>', 'why')
    .action(
      sender(terminal, ({ reason }: VerbOptions & { reason?: string }) => ({ type: 'cancel', reason })),
    );
  verb('next-stage', 'go on where a stage waits for it')
    .option('--stage <stage>', 'which one, when several wait')
    .action(
      sender(terminal, ({ stage }: VerbOptions & { stage?: string }) => ({ type: 'next-stage', stage })),
    );
}

function sender<Options extends VerbOptions>(terminal: Terminal, verb: (options: Options) => VerbRequest) {
  return async (run: string, options: Options): Promise<void> => {
    const host = createServerHost(await connect(terminal, options));
    showRun(terminal, await host.send(run, verb(options)), options);
  };
}

/** A run after a verb, for people or programs. */
export function showRun(terminal: Terminal, view: RunView, options: { json?: boolean }): void {
  if (options.json === true) printJson(terminal, view);
  else print(terminal, renderRun(view));
}
