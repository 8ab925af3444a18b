import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ReviewComment, RunView } from '@stagewright/engine';
import { ambiguousStage, ambiguousTask, nothingWaits } from '../cli.errors.ts';
import type { VerbRequest } from '../hosts/run-host.ts';
import { connect } from '../hosts/server-connection.ts';
import { createServerHost } from '../hosts/server-host.ts';
import { parseData, readText } from '../inputs/given-inputs.ts';
import { readStream } from '../read-stream.ts';
import type { Terminal } from '../terminal.ts';
import { collect, serverUrl, wholeNumber } from './option-values.ts';
import { showRun } from './verbs.ts';

interface DecisionOptions {
  server?: string;
  json?: boolean;
  stage?: string;
  round?: number;
  comment?: string[];
  task?: string[];
}

interface InputOptions {
  server?: string;
  json?: boolean;
  input: string;
  task?: string;
}

/** What people decide and give: `approve`, `request-changes`, `submit-input`. */
export function registerDecisions(program: Command, terminal: Terminal): void {
  decision(program, 'approve', 'approve what a gate waits for').action(
    decider(terminal, 'approve', (gate, { comment = [] }) => ({
      type: 'approve',
      ...gate,
      ...(comment.length === 0 ? {} : { comment: comment.join('\n') }),
    })),
  );
  decision(program, 'request-changes', 'send a result back with remarks')
    .option('--task <task>', 'only this task of the stage (repeatable)', collect)
    .action(
      decider(terminal, 'request-changes', (gate, { comment = [], task = [] }) => ({
        type: 'request-changes',
        ...gate,
        comments: comment.map((body): ReviewComment => ({ body })),
        ...(task.length === 0 ? {} : { tasks: task }),
      })),
    );
  program
    .command('submit-input')
    .description('hand in the form that a manual stage waits for')
    .argument('<run>', 'id of the run')
    .requiredOption('--input <file>', 'the form, as YAML or JSON; - reads standard input')
    .option('--task <task>', 'which one, when several wait')
    .option('--server <url>', 'the server', serverUrl)
    .option('--json', 'print JSON')
    .action((run: string, options: InputOptions) => submitInput(terminal, run, options));
}

function decision(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('<run>', 'id of the run')
    .option('--stage <stage>', 'which gate, when several wait')
    .option('--round <number>', 'the round that you looked at (default: the present one)', wholeNumber(1))
    .option('--comment <text>', 'a remark (repeatable)', collect)
    .option('--server <url>', 'the server', serverUrl)
    .option('--json', 'print JSON');
}

type Gate = { stage: string; round: number };

function decider(
  terminal: Terminal,
  name: string,
  verb: (gate: Gate, options: DecisionOptions) => VerbRequest,
) {
  return async (run: string, options: DecisionOptions): Promise<void> => {
    const host = createServerHost(await connect(terminal, options));
    const gate = findGate(name, await host.get(run), options);
    showRun(terminal, await host.send(run, verb(gate, options)), options);
  };
}

/** The gate a decision is about: the one that was named, or the only one that waits. */
export function findGate(
  verb: string,
  view: RunView,
  options: Pick<DecisionOptions, 'stage' | 'round'>,
): Gate {
  const waiting = view.waitingFor.flatMap((wait) => (wait.kind === 'approval' ? [wait] : []));
  // A stage and a round that were named go to the server as they are: it knows why they do not fit.
  if (options.stage !== undefined && options.round !== undefined) {
    return { stage: options.stage, round: options.round };
  }
  const named =
    options.stage === undefined ? waiting : waiting.filter(({ stage }) => stage === options.stage);
  const [gate] = named;
  if (gate === undefined) throw nothingWaits(verb, view.state);
  if (named.length > 1) {
    throw ambiguousStage(
      verb,
      named.map(({ stage }) => stage),
    );
  }
  return { stage: gate.stage, round: options.round ?? gate.round };
}

async function submitInput(terminal: Terminal, run: string, options: InputOptions): Promise<void> {
  const host = createServerHost(await connect(terminal, options));
  const { stage, task } = findForm(await host.get(run), options.task);
  const fromStdin = options.input === '-';
  const source = fromStdin ? 'standard input' : resolve(terminal.cwd, options.input);
  const input = parseData(source, fromStdin ? await readStream(terminal.stdin) : readText(source));
  showRun(terminal, await host.send(run, { type: 'submit-input', stage, task, input }), options);
}

/** The form that an input is for: that of the named task, or the only one that waits. */
export function findForm(view: RunView, task: string | undefined): { stage: string; task: string } {
  const waiting = view.waitingFor.flatMap((wait) => (wait.kind === 'input' ? [wait] : []));
  const named = task === undefined ? waiting : waiting.filter((wait) => wait.task === task);
  const [form] = named;
  if (form === undefined) throw nothingWaits('submit-input', view.state, 'input');
  if (named.length > 1)
    throw ambiguousTask(
      'submit-input',
      named.map((wait) => wait.task),
    );
  return { stage: form.stage, task: form.task };
}
