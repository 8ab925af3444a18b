import { createWorker } from './create-worker.ts';
import { runProcess } from './run-process.ts';

await runProcess(
  () => createWorker(),
  () => 'Stagewright works',
);
