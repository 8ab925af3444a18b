import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { StagewrightClient } from '@stagewright/client';
import { saveArtifacts } from '../artifact-files.ts';
import type { SavedFile } from '../artifact-files.ts';
import { needsFolder } from '../cli.errors.ts';
import { connect } from '../hosts/server-connection.ts';
import { createServerHost } from '../hosts/server-host.ts';
import { saveProvenance } from '../provenance-files.ts';
import { renderArtifacts } from '../render/run-summary.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { serverUrl } from './option-values.ts';

interface ArtifactsOptions {
  server?: string;
  json?: boolean;
  out?: string;
  provenance?: boolean;
}

/** `stagewright artifacts RUN`: the files of a run, here or in a list, with how they came to be. */
export function registerArtifacts(program: Command, terminal: Terminal): void {
  program
    .command('artifacts')
    .description('list the files of a run, or save them')
    .argument('<run>', 'id of the run')
    .option('--server <url>', 'the server', serverUrl)
    .option('--out <dir>', 'save the files here')
    .option('--provenance', 'with --out: also how each file came to be, signed by the server')
    .option('--json', 'print JSON')
    .action(async (run: string, options: ArtifactsOptions) => {
      if (options.provenance === true && options.out === undefined) throw needsFolder('--provenance');
      const client = await connect(terminal, options);
      const host = createServerHost(client);
      const view = await host.get(run);
      const files =
        options.out === undefined
          ? []
          : await saveArtifacts(host, view.artifacts, resolve(terminal.cwd, options.out));
      const saved = files.map(({ path }) => path);
      if (options.provenance === true) saved.push(...(await saveStatements(client, files)));
      if (options.json === true) printJson(terminal, { artifacts: view.artifacts, saved });
      else if (options.out === undefined)
        print(terminal, renderArtifacts(view).join('\n').trimStart() || 'No files.');
      else for (const path of saved) print(terminal, `saved ${path}`);
    });
}

async function saveStatements(client: StagewrightClient, files: SavedFile[]): Promise<string[]> {
  const paths: string[] = [];
  for (const { path, artifact } of files) {
    const statement = await client.getProvenance(artifact);
    const envelope = await client.getSignedProvenance(artifact);
    paths.push(...(await saveProvenance(path, { statement, envelope })));
  }
  return paths;
}
