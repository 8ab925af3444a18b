import { plant } from './plant.ts';

/** How often a process died of a task is counted by the process, and forgotten with it: its successor begins at one. */
plant({
  file: 'libs/engine/dist/run/task-work.js',
  replace: [['interruptions: work.interruptions + 1', 'interruptions: 1']],
});
