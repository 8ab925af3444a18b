import type { Command } from 'commander';
import { createServer } from '@stagewright/server';
import { print } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** `stagewright serve`: the server in this process, until it is interrupted. */
export function registerServe(program: Command, terminal: Terminal): void {
  program
    .command('serve')
    .description('run the server until it is stopped')
    .option('--port <number>', 'port to listen on (PORT)')
    .option('--host <address>', 'address to listen on (HOST)')
    .option('--data-dir <dir>', 'data directory (DATA_DIR)')
    .action(async (options: { port?: string; host?: string; dataDir?: string }) => {
      const server = await createServer({
        cwd: terminal.cwd,
        overrides: { PORT: options.port, HOST: options.host, DATA_DIR: options.dataDir },
      });
      print(terminal, nextSteps(server.url));
      await interrupted(terminal.signal);
      await server.close();
    });
}

function nextSteps(url: string): string {
  return [
    `Stagewright serves at ${url}`,
    '',
    'In another terminal:',
    `  npx stagewright run ebook --server ${url} -i topic="Keeping bees in a small garden"`,
    '  npx stagewright runs',
    `  API documentation: ${url}/docs`,
    '',
    'Stop with Ctrl+C.',
  ].join('\n');
}

async function interrupted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
