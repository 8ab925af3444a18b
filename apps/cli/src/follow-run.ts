import type { RunView } from '@stagewright/engine';
import { ENDED, WAITING } from './hosts/run-host.ts';
import type { RunHost } from './hosts/run-host.ts';
import { createLiveView } from './render/live-view.ts';
import { beginProgress } from './render/run-progress.ts';
import { decideAtTerminal } from './review.ts';
import { isInteractive } from './terminal.ts';
import type { Terminal } from './terminal.ts';

export interface FollowOptions {
  /** Approve every gate without asking. */
  approve: boolean;
  /** Stay when the run waits for somebody else. */
  wait: boolean;
  /** Show nothing. */
  quiet: boolean;
}

/** Shows a run until it ended, or until it waits for a person and nobody here can answer. Gives the run as it is then. */
export async function followRun(terminal: Terminal, host: RunHost, run: RunView, options: FollowOptions): Promise<RunView> {
  const view = options.quiet ? null : createLiveView(terminal, beginProgress(run));
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, terminal.signal]);
  try {
    for await (const event of host.follow(run.id, signal)) {
      view?.show(event);
      if (ENDED.has(event.state)) continue;
      if (!WAITING.has(event.state)) continue;
      const present = await host.get(run.id);
      if (!WAITING.has(present.state)) continue;
      view?.settle();
      const decided = await decide(terminal, host, present, options);
      if (!decided && !options.wait) break;
    }
  } finally {
    stop.abort();
    view?.end();
  }
  return host.get(run.id);
}

/** Answers what the run waits for. False when nobody here can. */
async function decide(terminal: Terminal, host: RunHost, run: RunView, options: FollowOptions): Promise<boolean> {
  if (options.approve) return approveAll(host, run);
  if (!isInteractive(terminal) || options.quiet) return false;
  return decideAtTerminal(terminal, host, run);
}

async function approveAll(host: RunHost, run: RunView): Promise<boolean> {
  let decided = false;
  for (const wait of run.waitingFor) {
    if (wait.kind === 'approval') await host.send(run.id, { type: 'approve', stage: wait.stage, round: wait.round });
    if (wait.kind === 'advance') await host.send(run.id, { type: 'next-stage', stage: wait.stage });
    decided ||= wait.kind === 'approval' || wait.kind === 'advance';
  }
  return decided;
}
