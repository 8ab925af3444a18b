import type { Command } from 'commander';
import { interrupted, print } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** `stagewright worker`: carries out work beside the servers on the same database, until it is interrupted. */
export function registerWorker(program: Command, terminal: Terminal): void {
  program
    .command('worker')
    .description('carry out work beside the servers on the same database, until it is stopped')
    .option('--data-dir <dir>', 'data directory that the servers and workers share (DATA_DIR)')
    .action(async ({ dataDir }: { dataDir?: string }) => {
      const { createWorker } = await import('@stagewright/server');
      const worker = await createWorker({ cwd: terminal.cwd, overrides: { DATA_DIR: dataDir } });
      print(terminal, 'Stagewright works. Stop with Ctrl+C.');
      await interrupted(terminal.signal);
      await worker.close();
    });
}
