import type { RunFact, RunView } from '@stagewright/engine';
import { WAITING } from './hosts/run-host.ts';
import type { RunHost } from './hosts/run-host.ts';
import { createLiveView } from './render/live-view.ts';
import { beginProgress } from './render/run-progress.ts';
import type { Terminal } from './terminal.ts';

/** Facts that tell of a new wait. The state alone would not do: it is that after the whole entry, before all of it was shown. */
const ASKS: ReadonlySet<RunFact['type']> = new Set([
  'approval.requested',
  'input.requested',
  'stage.ready',
  'run.paused',
]);

export interface FollowOptions {
  /** Answers what the run waits for; false when it cannot, or will not now. */
  decide(run: RunView): Promise<boolean>;
  /** Stay when the run waits for somebody else. */
  wait: boolean;
  /** Show nothing. */
  quiet: boolean;
}

/** Shows a run until it ended, or until it waits for a person and nobody here can answer. Gives the run as it is then. */
export async function followRun(
  terminal: Terminal,
  host: RunHost,
  run: RunView,
  options: FollowOptions,
): Promise<RunView> {
  const view = options.quiet ? null : createLiveView(terminal, beginProgress(run));
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, terminal.signal]);
  let decidedAt = 0;
  try {
    for await (const event of host.follow(run.id, signal)) {
      view?.show(event);
      if (!ASKS.has(event.fact.type)) continue;
      const present = await host.get(run.id);
      // Several events may tell of the same wait: each version of a run is asked about once.
      if (!WAITING.has(present.state) || present.version <= decidedAt) continue;
      decidedAt = present.version;
      view?.settle();
      if (!(await options.decide(present)) && !options.wait) break;
    }
  } finally {
    stop.abort();
    view?.end();
  }
  return host.get(run.id);
}

/** Approves every gate and lets every waiting stage go on. False when something else is waited for. */
export async function approveAll(host: RunHost, run: RunView): Promise<boolean> {
  let decided = false;
  for (const wait of run.waitingFor) {
    if (wait.kind === 'approval')
      await host.send(run.id, { type: 'approve', stage: wait.stage, round: wait.round });
    if (wait.kind === 'advance') await host.send(run.id, { type: 'next-stage', stage: wait.stage });
    decided ||= wait.kind === 'approval' || wait.kind === 'advance';
  }
  return decided;
}
