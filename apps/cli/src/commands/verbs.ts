import type { Command } from 'commander';
import type { ReviewComment, RunView } from '@stagewright/engine';
import { ambiguousStage, nothingWaits } from '../cli.errors.ts';
import { connect } from '../hosts/server-connection.ts';
import { createServerHost } from '../hosts/server-host.ts';
import type { VerbRequest } from '../hosts/run-host.ts';
import { renderRun } from '../render/run-summary.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { collect } from './run.ts';

interface VerbOptions {
  server?: string;
  json?: boolean;
}
interface DecisionOptions extends VerbOptions {
  stage?: string;
  round?: string;
  comment: string[];
  task: string[];
}

/** The verbs of a run, each a command: `stagewright approve RUN`. */
export function registerVerbs(program: Command, terminal: Terminal): void {
  registerDecisions(program, terminal);
  const simple = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .argument('<run>', 'id of the run')
      .option('--server <url>', 'the server')
      .option('--json', 'print JSON');
  simple('start', 'start a draft').action(sender(terminal, () => ({ type: 'start' })));
  simple('pause', 'start nothing new until it is resumed').action(
    sender(terminal, () => ({ type: 'pause' })),
  );
  simple('resume', 'go on with a paused run')
    .option('--budget <usd>', 'a new budget in USD')
    .action(
      sender(terminal, (options: VerbOptions & { budget?: string }) => ({
        type: 'resume',
        ...(options.budget === undefined ? {} : { budgetUsd: Number(options.budget) }),
      })),
    );
  simple('cancel', 'end a run')
    .option('--reason <text>', 'why')
    .action(
      sender(terminal, (options: VerbOptions & { reason?: string }) => ({
        type: 'cancel',
        reason: options.reason,
      })),
    );
  simple('retry', 'make the failed stages of a failed run again').action(
    sender(terminal, () => ({ type: 'retry' })),
  );
  simple('rerun', 'make a stage again, and everything that depends on it')
    .requiredOption('--from <stage>', 'the first stage to make again')
    .action(
      sender(terminal, (options: VerbOptions & { from: string }) => ({ type: 'rerun', from: options.from })),
    );
  simple('next-stage', 'go on where a stage waits for it')
    .option('--stage <stage>', 'which one, when several wait')
    .action(
      sender(terminal, (options: VerbOptions & { stage?: string }) => ({
        type: 'next-stage',
        stage: options.stage,
      })),
    );
}

function registerDecisions(program: Command, terminal: Terminal): void {
  const decision = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .argument('<run>', 'id of the run')
      .option('--stage <stage>', 'which gate, when several wait')
      .option('--round <number>', 'the round that you looked at (default: the present one)')
      .option('--comment <text>', 'a remark (repeatable)', collect, [])
      .option('--server <url>', 'the server')
      .option('--json', 'print JSON');
  decision('approve', 'approve what a gate waits for').action(
    decider(terminal, 'approve', (gate, options) => ({
      type: 'approve',
      ...gate,
      ...(options.comment[0] === undefined ? {} : { comment: options.comment.join('\n') }),
    })),
  );
  decision('request-changes', 'send a result back with remarks')
    .option('--task <task>', 'only this task of the stage (repeatable)', collect, [])
    .action(
      decider(terminal, 'request-changes', (gate, options) => ({
        type: 'request-changes',
        ...gate,
        comments: options.comment.map((body): ReviewComment => ({ body })),
        ...(options.task.length === 0 ? {} : { tasks: options.task }),
      })),
    );
}

function sender<Options extends VerbOptions>(terminal: Terminal, verb: (options: Options) => VerbRequest) {
  return async (run: string, options: Options): Promise<void> => {
    const host = createServerHost(await connect(terminal, options));
    show(terminal, await host.send(run, verb(options)), options);
  };
}

function decider(
  terminal: Terminal,
  name: string,
  verb: (gate: { stage: string; round: number }, options: DecisionOptions) => VerbRequest,
) {
  return async (run: string, options: DecisionOptions): Promise<void> => {
    const host = createServerHost(await connect(terminal, options));
    const gate = findGate(name, await host.get(run), options);
    show(terminal, await host.send(run, verb(gate, options)), options);
  };
}

/** The gate a decision is about: the one that was named, or the only one that waits. */
function findGate(verb: string, view: RunView, options: DecisionOptions): { stage: string; round: number } {
  const waiting = view.waitingFor.flatMap((wait) => (wait.kind === 'approval' ? [wait] : []));
  const named =
    options.stage === undefined ? waiting : waiting.filter(({ stage }) => stage === options.stage);
  const [gate] = named;
  if (gate === undefined) throw nothingWaits(verb, view.state);
  if (named.length > 1)
    throw ambiguousStage(
      verb,
      named.map(({ stage }) => stage),
    );
  return { stage: gate.stage, round: options.round === undefined ? gate.round : Number(options.round) };
}

function show(terminal: Terminal, view: RunView, options: VerbOptions): void {
  if (options.json === true) printJson(terminal, view);
  else print(terminal, renderRun(view));
}
