import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { ReviewOutcome, RunView } from '@stagewright/engine';
import { ambiguousTask, nothingWaits } from '../cli.errors.ts';
import { connect } from '../hosts/server-connection.ts';
import { createServerHost } from '../hosts/server-host.ts';
import { parseData, readText } from '../inputs/given-inputs.ts';
import { readStream } from '../read-stream.ts';
import type { Terminal } from '../terminal.ts';
import { serverUrl, wholeNumber } from './option-values.ts';
import { showRun } from './verbs.ts';

interface ResolveOptions {
  server?: string;
  json?: boolean;
  outcome: ReviewOutcome;
  task?: string;
  attempt?: number;
  output?: string;
  comment?: string;
}

/** `stagewright resolve RUN`: what became of an attempt whose outcome nobody knew. */
export function registerResolve(program: Command, terminal: Terminal): void {
  program
    .command('resolve')
    .description('say what became of something that may have happened outside')
    .argument('<run>', 'id of the run')
    .addOption(
      new Option('--outcome <outcome>', 'it happened; it did not, do it again; give it up')
        .choices(['done', 'repeat', 'fail'])
        .makeOptionMandatory(),
    )
    .option('--output <file>', 'what it gave, as YAML or JSON; - reads standard input')
    .option('--task <task>', 'which one, when several are in doubt')
    .option('--attempt <number>', 'the attempt that you looked at (default: the present one)', wholeNumber(1))
    .option('--comment <text>', 'how you know')
    .option('--server <url>', 'the server', serverUrl)
    .option('--json', 'print JSON')
    .action((run: string, options: ResolveOptions) => resolveDoubt(terminal, run, options));
}

async function resolveDoubt(terminal: Terminal, run: string, options: ResolveOptions): Promise<void> {
  const { outcome, output, comment } = options;
  const host = createServerHost(await connect(terminal, options));
  const doubt = findDoubt(await host.get(run), options);
  const given = output === undefined ? {} : { output: await readOutput(terminal, output) };
  const verb = {
    type: 'resolve',
    ...doubt,
    outcome,
    ...given,
    ...(comment === undefined ? {} : { comment }),
  } as const;
  showRun(terminal, await host.send(run, verb), options);
}

async function readOutput(terminal: Terminal, file: string) {
  if (file === '-') return parseData('standard input', await readStream(terminal.stdin));
  const path = resolve(terminal.cwd, file);
  return parseData(path, readText(path));
}

/** What is in doubt: the task that was named, or the only one. */
export function findDoubt(
  view: RunView,
  { task, attempt }: Pick<ResolveOptions, 'task' | 'attempt'>,
): { task: string; attempt: number } {
  // What was named whole goes to the server as it is: it knows why it does not fit.
  if (task !== undefined && attempt !== undefined) return { task, attempt };
  const waiting = view.waitingFor.flatMap((wait) => (wait.kind === 'review' ? [wait] : []));
  const named = task === undefined ? waiting : waiting.filter((wait) => wait.task === task);
  const [doubt] = named;
  if (doubt === undefined) throw nothingWaits('resolve', view.state, 'an answer on what happened');
  if (named.length > 1)
    throw ambiguousTask(
      'resolve',
      named.map((wait) => wait.task),
    );
  return { task: doubt.task, attempt: attempt ?? doubt.attempt };
}
