import { StagewrightError } from '@stagewright/engine';

import { stopOnSignal } from './stop-on-signal.ts';

/**
 * A process of the product from its start to the signal that ends it. A start that is refused is told in one line, with
 * what to do about it, and ends the process with exit code 1.
 */
export async function runProcess<T extends { close(): Promise<void> }>(
  start: () => Promise<T>,
  greeting: (started: T) => string,
): Promise<void> {
  try {
    const started = await start();
    stopOnSignal(started);
    process.stdout.write(`${greeting(started)}\n`);
  } catch (error) {
    if (!(error instanceof StagewrightError)) throw error;
    const hint = error.hint === undefined ? '' : `${error.hint}\n`;
    process.stderr.write(`${error.code}: ${error.message}\n${hint}`);
    process.exit(1);
  }
}
