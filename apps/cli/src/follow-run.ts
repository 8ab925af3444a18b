import { ApiError } from '@stagewright/client';
import { StagewrightError } from '@stagewright/engine/errors';
import type { RunView } from '@stagewright/engine';
import { WAITING } from './hosts/run-host.ts';
import type { LiveEvent, RunHost } from './hosts/run-host.ts';
import { createLiveView } from './render/live-view.ts';
import type { LiveView } from './render/live-view.ts';
import { beginProgress } from './render/run-progress.ts';
import { print } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** The facts of one entry come in a burst: once it is over, all of it was shown and what it leads to can be asked. */
const QUIET_MS = 100;
/** Refusals that mean that somebody else, or a timer, decided in the meantime. */
const OVERTAKEN: ReadonlySet<string> = new Set(['STATE_CONFLICT', 'APPROVAL_STALE']);

export interface FollowOptions {
  /** Answers what the run waits for; false when it cannot, or will not now. */
  decide(run: RunView): Promise<boolean>;
  /** Stay when the run waits for somebody else. */
  wait: boolean;
  /** Show nothing. */
  quiet: boolean;
}

interface Following {
  terminal: Terminal;
  host: RunHost;
  options: FollowOptions;
  view: LiveView | null;
  /** What was answered last, as text: the same waits are not asked about again. */
  answered: string;
}

/** Shows a run until it ended, or until it waits for a person and nobody here can answer. Gives the run as it is then. */
export async function followRun(
  terminal: Terminal,
  host: RunHost,
  run: RunView,
  options: FollowOptions,
): Promise<RunView> {
  const view = options.quiet ? null : createLiveView(terminal, beginProgress(run));
  const following: Following = { terminal, host, options, view, answered: '' };
  const stop = new AbortController();
  try {
    const events = host.follow(run.id, AbortSignal.any([stop.signal, terminal.signal]));
    for await (const event of withPauses(events)) {
      if (event !== 'pause') view?.show(event);
      else if (!(await goesOn(following, run.id))) break;
    }
  } finally {
    stop.abort();
    view?.end();
  }
  return host.get(run.id);
}

/** The events, and a `pause` after each burst of them that left the run waiting. */
async function* withPauses(events: AsyncIterable<LiveEvent>): AsyncGenerator<LiveEvent | 'pause'> {
  const iterator = events[Symbol.asyncIterator]();
  try {
    let waiting = false;
    let next = iterator.next();
    for (;;) {
      const came = waiting ? await Promise.race([next, quiet()]) : await next;
      if (came === 'pause') {
        waiting = false;
        yield came;
        continue;
      }
      if (came.done === true) return;
      waiting = WAITING.has(came.value.state);
      yield came.value;
      next = iterator.next();
    }
  } finally {
    // Not awaited: an iterator that waits for its next event returns only once its signal aborts.
    void iterator.return?.();
  }
}

async function quiet(): Promise<'pause'> {
  return await new Promise((done) => setTimeout(() => done('pause'), QUIET_MS));
}

/** Has what the run waits for decided. False when there is nothing to stay for. */
async function goesOn(following: Following, id: string): Promise<boolean> {
  const { terminal, host, options, view } = following;
  const present = await host.get(id);
  if (!WAITING.has(present.state)) return true;
  const waits = JSON.stringify(present.waitingFor);
  if (waits === following.answered) return options.wait;
  following.answered = waits;
  view?.settle();
  try {
    return (await options.decide(present)) || options.wait;
  } catch (error) {
    if (!isRefusal(error) || !OVERTAKEN.has(error.code)) throw error;
    if (!options.quiet) print(terminal, `Somebody was faster: ${error.message}`);
    return true;
  }
}

function isRefusal(error: unknown): error is ApiError | StagewrightError {
  return error instanceof ApiError || error instanceof StagewrightError;
}

/** Approves every gate and lets every waiting stage go on. False when something else is waited for. */
export async function approveAll(host: RunHost, run: RunView): Promise<boolean> {
  let decided = false;
  for (const wait of run.waitingFor) {
    if (wait.kind === 'approval') {
      await host.send(run.id, { type: 'approve', stage: wait.stage, round: wait.round });
    }
    if (wait.kind === 'advance') await host.send(run.id, { type: 'next-stage', stage: wait.stage });
    decided ||= wait.kind === 'approval' || wait.kind === 'advance';
  }
  return decided;
}
