import { isCancel, select, text } from '@clack/prompts';
import type { Json, RunView, RunWait } from '@stagewright/engine';
import type { RunHost } from './hosts/run-host.ts';
import { excerpt, readable } from './render/readable.ts';
import { print } from './terminal.ts';
import type { Terminal } from './terminal.ts';

const MOST_LINES = 60;

type Wait<Kind extends RunWait['kind']> = Extract<RunWait, { kind: Kind }>;

/** Who is asked, where, and about which run. */
interface Asking {
  terminal: Terminal;
  host: RunHost;
  run: RunView;
}

/** Shows what the run waits for and asks for a decision. False when the person would rather decide later. */
export async function decideAtTerminal(terminal: Terminal, host: RunHost, run: RunView): Promise<boolean> {
  const asking = { terminal, host, run };
  const wait = run.waitingFor.find(({ kind }) => kind !== 'timer');
  if (wait === undefined) return false;
  switch (wait.kind) {
    case 'approval':
      return review(asking, wait);
    case 'advance':
      return goOn(asking, wait);
    case 'input':
      return giveInput(asking, wait);
    case 'review':
      return resolveDoubt(asking, wait);
    case 'budget':
      return raiseBudget(asking, wait);
    case 'timer':
      return false;
  }
}

async function review({ terminal, host, run }: Asking, wait: Wait<'approval'>): Promise<boolean> {
  const stage = run.stages.find(({ id }) => id === wait.stage);
  const shown = excerpt(readable(stage?.output ?? null), MOST_LINES);
  print(terminal, `\n${stage?.name ?? wait.stage}, round ${wait.round}:\n\n${shown}\n`);
  const choice = await select({
    ...streams(terminal),
    message: 'What do you decide?',
    options: [
      { value: 'approve', label: 'Approve' },
      { value: 'request-changes', label: 'Request changes' },
      { value: 'later', label: 'Decide later' },
    ],
  });
  if (isCancel(choice) || choice === 'later') return false;
  const gate = { stage: wait.stage, round: wait.round };
  if (choice === 'approve') {
    await host.send(run.id, { type: 'approve', ...gate });
    return true;
  }
  const body = await text({ ...streams(terminal), message: 'What should be different?', validate: nonEmpty });
  if (isCancel(body)) return false;
  await host.send(run.id, { type: 'request-changes', ...gate, comments: [{ body }] });
  return true;
}

async function goOn({ terminal, host, run }: Asking, wait: Wait<'advance'>): Promise<boolean> {
  const choice = await select({
    ...streams(terminal),
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

async function giveInput({ terminal, host, run }: Asking, wait: Wait<'input'>): Promise<boolean> {
  const answer = await text({
    ...streams(terminal),
    message: `Input for "${wait.task}", as JSON`,
    validate: json,
  });
  if (isCancel(answer)) return false;
  const input = JSON.parse(answer) as Json;
  await host.send(run.id, { type: 'submit-input', stage: wait.stage, task: wait.task, input });
  return true;
}

async function resolveDoubt({ terminal, host, run }: Asking, wait: Wait<'review'>): Promise<boolean> {
  const choice = await select({
    ...streams(terminal),
    message: `${wait.message} What became of "${wait.task}"?`,
    options: [
      { value: 'done', label: 'It happened' },
      { value: 'repeat', label: 'It did not happen: do it again' },
      { value: 'fail', label: 'Give it up' },
      { value: 'later', label: 'Decide later' },
    ],
  });
  if (isCancel(choice) || choice === 'later') return false;
  const about = { task: wait.task, attempt: wait.attempt };
  if (choice !== 'done') {
    await host.send(run.id, { type: 'resolve', ...about, outcome: choice });
    return true;
  }
  const answer = await text({ ...streams(terminal), message: 'What did it give, as JSON?', validate: json });
  if (isCancel(answer)) return false;
  await host.send(run.id, { type: 'resolve', ...about, outcome: 'done', output: JSON.parse(answer) as Json });
  return true;
}

async function raiseBudget({ terminal, host, run }: Asking, wait: Wait<'budget'>): Promise<boolean> {
  const answer = await text({
    ...streams(terminal),
    message: `$${wait.spent.toFixed(2)} of $${wait.usd} are spent. New budget in USD`,
    validate: (given) => (Number(given) > wait.spent ? undefined : `More than ${wait.spent.toFixed(2)}.`),
  });
  if (isCancel(answer)) return false;
  await host.send(run.id, { type: 'resume', budgetUsd: Number(answer) });
  return true;
}

function streams({
  stdin,
  stdout,
  signal,
}: Terminal): Pick<Parameters<typeof text>[0], 'input' | 'output' | 'signal'> {
  return { input: stdin, output: stdout, signal };
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
