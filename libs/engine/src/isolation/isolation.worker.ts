import { parentPort } from 'node:worker_threads';
import { carryOut } from './isolated-job.ts';
import type { IsolatedJob } from './isolated-job.ts';
import { packError } from './isolation.errors.ts';
import type { ThreadMessage } from './isolation-thread.ts';

/** One thread of the isolation. Jobs come one at a time; `started` starts the owner's clock. */
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread only.');
const say = (message: ThreadMessage): void => port.postMessage(message);

port.on('message', (job: IsolatedJob) => {
  say({ kind: 'started' });
  try {
    say({ kind: 'done', result: carryOut(job) });
  } catch (error) {
    say({ kind: 'failed', error: packError(error) });
  }
});
say({ kind: 'ready' });
