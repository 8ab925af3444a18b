import { StagewrightError } from '@stagewright/engine';

import { createServer } from './server.ts';
import { stopOnSignal } from './stop-on-signal.ts';

try {
  const server = await createServer();
  stopOnSignal(server);
  process.stdout.write(`Stagewright serves at ${server.url}\n`);
} catch (error) {
  if (!(error instanceof StagewrightError)) throw error;
  process.stderr.write(
    `${error.code}: ${error.message}\n${error.hint === undefined ? '' : `${error.hint}\n`}`,
  );
  process.exit(1);
}
