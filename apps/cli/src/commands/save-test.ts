import type { Command } from 'commander';
import { connect } from '../hosts/server-connection.ts';
import { createServerHost } from '../hosts/server-host.ts';
import { usualRegistry } from '../registry/usual-registry.ts';
import type { Terminal } from '../terminal.ts';
import { serverUrl } from './option-values.ts';

interface SaveTestOptions {
  server?: string;
  registry?: string;
  title?: string;
  out?: string;
  force?: boolean;
  json?: boolean;
}

/** `stagewright save-test RUN`: makes a recorded case of a run on a server. Exit 1 when the case does not pass. */
export function registerSaveTest(program: Command, terminal: Terminal): void {
  program
    .command('save-test')
    .description('make a recorded case of a run, without secrets and personal data')
    .argument('<run>', 'id of the run')
    .option('--server <url>', 'the server', serverUrl)
    .option('--registry <path>', 'folder of the registry that gets the case')
    .option('--title <text>', 'what the case shows; default is the title of the run')
    .option('--out <file>', 'the file; default is one among the tests of the template')
    .option('--force', 'overwrite the file when it is there')
    .option('--json', 'print JSON')
    .action(async (run: string, options: SaveTestOptions) => {
      const host = createServerHost(await connect(terminal, options));
      const record = await host.record(run);
      const { saveCase } = await import('../recording/save-case.ts');
      const { reportSaved } = await import('../recording/report-saved.ts');
      const registry = usualRegistry(terminal.cwd, options.registry);
      reportSaved(
        terminal,
        await saveCase(terminal, record, { ...options, registry }),
        options.json === true,
      );
    });
}
