import { runProcess } from './run-process.ts';
import { createServer } from './server.ts';

await runProcess(
  () => createServer(),
  ({ url }) => `Stagewright serves at ${url}`,
);
