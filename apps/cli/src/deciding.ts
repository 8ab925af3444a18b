import type { RunView } from '@stagewright/engine';
import { approveAll } from './follow-run.ts';
import type { RunHost } from './hosts/run-host.ts';
import { decideAtTerminal } from './review.ts';
import { isInteractive } from './terminal.ts';
import type { Terminal } from './terminal.ts';

export interface DecidingOptions {
  approve?: boolean;
  json?: boolean;
}

/** Who answers when a run waits: `--approve`, a person at the terminal, or nobody. */
export function deciderOf(
  terminal: Terminal,
  host: RunHost,
  options: DecidingOptions,
): (run: RunView) => Promise<boolean> {
  if (options.approve === true) return (run) => approveAll(host, run);
  if (isInteractive(terminal) && options.json !== true) return (run) => decideAtTerminal(terminal, host, run);
  return () => Promise.resolve(false);
}
