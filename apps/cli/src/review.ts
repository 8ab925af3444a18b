import { isCancel, select, text } from '@clack/prompts';
import type { Json, RunView, RunWait } from '@stagewright/engine';
import type { RunHost } from './hosts/run-host.ts';
import { print } from './terminal.ts';
import type { Terminal } from './terminal.ts';

const MOST_LINES = 60;

/** Shows what the run waits for and asks for a decision. False when the person would rather decide later. */
export async function decideAtTerminal(terminal: Terminal, host: RunHost, run: RunView): Promise<boolean> {
  const wait = run.waitingFor.find(({ kind }) => kind !== 'timer');
  if (wait === undefined) return false;
  switch (wait.kind) {
    case 'approval':
      return review(terminal, host, run, wait);
    case 'advance':
      return goOn(terminal, host, run, wait);
    case 'input':
      return giveInput(terminal, host, run, wait);
    case 'budget':
      return raiseBudget(terminal, host, run, wait);
    case 'timer':
      return false;
  }
}

type Wait<Kind extends RunWait['kind']> = Extract<RunWait, { kind: Kind }>;

async function review(
  terminal: Terminal,
  host: RunHost,
  run: RunView,
  wait: Wait<'approval'>,
): Promise<boolean> {
  const stage = run.stages.find(({ id }) => id === wait.stage);
  print(
    terminal,
    `\n${stage?.name ?? wait.stage}, round ${wait.round}:\n${excerpt(stage?.output ?? null)}\n`,
  );
  const streams = { input: terminal.stdin, output: terminal.stdout, signal: terminal.signal };
  const choice = await select({
    ...streams,
    message: 'What do you decide?',
    options: [
      { value: 'approve', label: 'Approve' },
      { value: 'request-changes', label: 'Request changes' },
      { value: 'later', label: 'Decide later' },
    ],
  });
  if (isCancel(choice) || choice === 'later') return false;
  if (choice === 'approve') {
    await host.send(run.id, { type: 'approve', stage: wait.stage, round: wait.round });
    return true;
  }
  const body = await text({ ...streams, message: 'What should be different?', validate: nonEmpty });
  if (isCancel(body)) return false;
  await host.send(run.id, {
    type: 'request-changes',
    stage: wait.stage,
    round: wait.round,
    comments: [{ body }],
  });
  return true;
}

async function goOn(
  terminal: Terminal,
  host: RunHost,
  run: RunView,
  wait: Wait<'advance'>,
): Promise<boolean> {
  const streams = { input: terminal.stdin, output: terminal.stdout, signal: terminal.signal };
  const choice = await select({
    ...streams,
    message: `Go on with "${wait.stage}"?`,
    options: [
      { value: 'next', label: 'Go on' },
      { value: 'later', label: 'Later' },
    ],
  });
  if (isCancel(choice) || choice === 'later') return false;
  await host.send(run.id, { type: 'next-stage', stage: wait.stage });
  return true;
}

async function giveInput(
  terminal: Terminal,
  host: RunHost,
  run: RunView,
  wait: Wait<'input'>,
): Promise<boolean> {
  const streams = { input: terminal.stdin, output: terminal.stdout, signal: terminal.signal };
  const answer = await text({ ...streams, message: `Input for "${wait.task}", as JSON`, validate: json });
  if (isCancel(answer)) return false;
  await host.send(run.id, {
    type: 'submit-input',
    stage: wait.stage,
    task: wait.task,
    input: JSON.parse(answer) as Json,
  });
  return true;
}

async function raiseBudget(
  terminal: Terminal,
  host: RunHost,
  run: RunView,
  wait: Wait<'budget'>,
): Promise<boolean> {
  const streams = { input: terminal.stdin, output: terminal.stdout, signal: terminal.signal };
  const message = `$${wait.spent.toFixed(2)} of $${wait.usd} are spent. New budget in USD`;
  const answer = await text({
    ...streams,
    message,
    validate: (given) => (Number(given) > wait.spent ? undefined : `More than ${wait.spent.toFixed(2)}.`),
  });
  if (isCancel(answer)) return false;
  await host.send(run.id, { type: 'resume', budgetUsd: Number(answer) });
  return true;
}

/** An output as a person reads it, cut to a screen. */
export function excerpt(output: Json): string {
  const lines = (typeof output === 'string' ? output : JSON.stringify(output, null, 2)).split('\n');
  return lines.length <= MOST_LINES
    ? lines.join('\n')
    : [...lines.slice(0, MOST_LINES), `... ${lines.length - MOST_LINES} more lines`].join('\n');
}

function nonEmpty(given: string | undefined): string | undefined {
  return given === undefined || given.trim() === '' ? 'A remark, please.' : undefined;
}

function json(given: string | undefined): string | undefined {
  try {
    JSON.parse(given ?? '');
    return undefined;
  } catch {
    return 'This is not JSON.';
  }
}
