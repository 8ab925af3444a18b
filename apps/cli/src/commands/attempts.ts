import type { Command } from 'commander';
import type { AttemptRecord } from '@stagewright/engine';
import { taskNeeded, unknownRound } from '../cli.errors.ts';
import { connect } from '../hosts/server-connection.ts';
import { renderAttempts } from '../render/attempts.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { serverUrl, wholeNumber } from './option-values.ts';

interface AttemptsOptions {
  server?: string;
  stage?: string;
  task?: string;
  round?: number;
  diff?: boolean;
  json?: boolean;
}

/** `stagewright attempts RUN`: what was sent and what came back, try by try; or what changed between two rounds. */
export function registerAttempts(program: Command, terminal: Terminal): void {
  program
    .command('attempts')
    .description('show what was sent and what came back, or compare rounds')
    .argument('<run>', 'id of the run')
    .option('--stage <stage>', 'only this stage')
    .option('--task <task>', 'only this task, such as chapters/2')
    .option('--round <number>', 'only this round', wholeNumber(1))
    .option('--diff', 'what changed in a task between its last two rounds (or before --round)')
    .option('--server <url>', 'the server', serverUrl)
    .option('--json', 'print JSON')
    .action(async (run: string, options: AttemptsOptions) => {
      const client = await connect(terminal, options);
      const all = (await client.listAttempts(run, {
        stage: options.stage,
        task: options.task,
      })) as AttemptRecord[];
      if (options.diff === true) await compare(terminal, all, options);
      else list(terminal, all, options);
    });
}

function list(terminal: Terminal, all: AttemptRecord[], options: AttemptsOptions): void {
  const attempts = options.round === undefined ? all : all.filter(({ round }) => round === options.round);
  if (options.json === true) printJson(terminal, { items: attempts });
  else print(terminal, renderAttempts(attempts));
}

async function compare(terminal: Terminal, all: AttemptRecord[], options: AttemptsOptions): Promise<void> {
  const results = lastOfEachRound(all);
  const tasks = repeated(results);
  const task = options.task ?? (tasks.length === 1 ? tasks[0] : undefined);
  if (task === undefined) throw taskNeeded(tasks);
  const ofTask = results.filter((attempt) => attempt.task === task);
  const at =
    options.round === undefined
      ? ofTask.length - 1
      : ofTask.findIndex(({ round }) => round === options.round);
  const [before, after] = [ofTask[at - 1], ofTask[at]];
  if (before === undefined || after === undefined)
    throw unknownRound(
      task,
      ofTask.map(({ round }) => round),
    );
  if (options.json === true) return printJson(terminal, { before, after });
  const { renderComparison } = await import('../render/comparison.ts');
  print(terminal, renderComparison(before, after));
}

/** The attempt that gave the result of its round, for each task and round, in order. */
function lastOfEachRound(attempts: AttemptRecord[]): AttemptRecord[] {
  const done = attempts.filter(({ state }) => state === 'done');
  return [...new Map(done.map((attempt) => [`${attempt.task} ${attempt.round}`, attempt])).values()];
}

function repeated(results: AttemptRecord[]): string[] {
  const counts = new Map<string, number>();
  for (const { task } of results) counts.set(task, (counts.get(task) ?? 0) + 1);
  return [...counts].flatMap(([task, count]) => (count > 1 ? [task] : []));
}
