import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ProvenanceStatement } from '@stagewright/client';
import { connect } from '../hosts/server-connection.ts';
import { verifyProvenance } from '../provenance-files.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { serverUrl } from './option-values.ts';

interface VerifyOptions {
  server?: string;
  key?: string;
  json?: boolean;
}

/** `stagewright verify FILE`: whether a saved file is what its provenance says, and who signed for it. */
export function registerVerify(program: Command, terminal: Terminal): void {
  program
    .command('verify')
    .description('check a saved file against the signed provenance beside it')
    .argument('<file>', 'the file, saved with `artifacts --provenance`')
    .option('--key <pem>', "file with the server's public key (default: the server is asked)")
    .option('--server <url>', 'the server', serverUrl)
    .option('--json', 'print JSON')
    .action(async (file: string, options: VerifyOptions) => {
      const statement = await verifyProvenance(resolve(terminal.cwd, file), await keyFor(terminal, options));
      if (options.json === true) printJson(terminal, statement);
      else print(terminal, renderStatement(statement));
    });
}

async function keyFor(terminal: Terminal, options: VerifyOptions): Promise<string> {
  if (options.key !== undefined) return await readFile(resolve(terminal.cwd, options.key), 'utf8');
  return (await (await connect(terminal, options)).getProvenanceKey()).pem;
}

function renderStatement({ subject, predicate }: ProvenanceStatement): string {
  const { buildDefinition, runDetails, steps, decisions } = predicate;
  const { template, version } = buildDefinition.externalParameters;
  const models = new Set(
    steps.flatMap(({ provider, model }) => (model === null ? [] : [`${provider} ${model}`])),
  );
  const approvals = decisions.flatMap(({ decision, by, stage }) =>
    decision === 'approved' && by !== null ? [`${stage} by ${by.id}`] : [],
  );
  return [
    `${subject.map(({ name }) => name).join(', ')}: signature and bytes are right`,
    `  template  ${template} ${version}`,
    `  run       ${runDetails.metadata.invocationId}`,
    `  models    ${models.size === 0 ? 'none' : [...models].join(', ')}`,
    `  approved  ${approvals.length === 0 ? 'by nobody' : approvals.join(', ')}`,
    ...(buildDefinition.internalParameters.placeholder ? ['  The text is a placeholder.'] : []),
  ].join('\n');
}
