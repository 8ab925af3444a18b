import { resolve } from 'node:path';
import { ApiError } from '@stagewright/client';
import type { Command } from 'commander';
import { StagewrightError } from '@stagewright/engine/errors';
import type { JsonSchema, RunView } from '@stagewright/engine';
import { resultFiles, saveArtifacts } from '../artifact-files.ts';
import { needsServer, templateNeeded, unknownTemplate } from '../cli.errors.ts';
import { deciderOf } from '../deciding.ts';
import { followRun } from '../follow-run.ts';
import { openHost } from '../hosts/open-host.ts';
import type { HostOptions } from '../hosts/open-host.ts';
import type { RunHost } from '../hosts/run-host.ts';
import { gatherInputs } from '../inputs/gather-inputs.ts';
import { table } from '../render/format.ts';
import { renderArtifacts, renderNextSteps, renderSummary } from '../render/run-summary.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { collect, serverUrl } from './option-values.ts';

interface RunOptions extends HostOptions {
  input?: string[];
  inputs?: string;
  title?: string;
  revision?: string;
  out?: string;
  approve?: boolean;
  detach?: boolean;
  wait?: boolean;
  json?: boolean;
}

/** `stagewright run TEMPLATE`: starts a run here or on a server, shows it live, asks for decisions on a terminal, saves the files. */
export function registerRun(program: Command, terminal: Terminal): void {
  program
    .command('run')
    .description('run a template: in this process, or on a server')
    .argument('[template]', 'name of the template; without one, lists them')
    .option('-i, --input <name=value>', 'an input; name=@path reads a file or folder (repeatable)', collect)
    .option('--inputs <file>', 'inputs from a YAML or JSON file; - reads standard input')
    .option('--title <text>', 'a title for the run')
    .option('--revision <commit>', 'run an older revision (with --server)')
    .option('--registry <path>', 'folder of the registry (without --server)')
    .option('--server <url>', 'run on this server', serverUrl)
    .option('--out <dir>', 'save the files that the run results in here')
    .option('--approve', 'approve every gate without asking')
    .option('--wait', 'keep waiting while other people decide (with --server)')
    .option('--detach', 'return as soon as the run is started (with --server)')
    .option('--json', 'print JSON')
    .action(async (template: string | undefined, options: RunOptions) => {
      if (options.server === undefined) refuseServerOptions(options);
      const host = await openHost(terminal, options);
      try {
        if (template === undefined) await listTemplates(terminal, host, options);
        else await runTemplate(terminal, host, template, options);
      } finally {
        await host.close();
      }
    });
}

function refuseServerOptions({ detach, wait, revision }: RunOptions): void {
  if (detach === true) throw needsServer('--detach');
  if (wait === true) throw needsServer('--wait');
  if (revision !== undefined) throw needsServer('--revision');
}

async function listTemplates(terminal: Terminal, host: RunHost, options: RunOptions): Promise<void> {
  const templates = await host.templates();
  if (options.json === true) printJson(terminal, { items: templates });
  else print(terminal, table(templates.map(({ name, title, description }) => [name, title, description])));
  throw templateNeeded();
}

async function runTemplate(
  terminal: Terminal,
  host: RunHost,
  template: string,
  options: RunOptions,
): Promise<void> {
  const schema = await inputsOf(host, template, options.revision);
  const inputs = await gatherInputs(terminal, host, schema, options);
  const { title, revision } = options;
  const created = await host.create({ template, inputs, title, revision });
  if (options.detach === true) {
    detach(terminal, created, options);
    return;
  }
  const ended = await followRun(terminal, host, created, {
    decide: deciderOf(terminal, host, options),
    wait: options.wait === true,
    quiet: options.json === true,
  });
  await finish(terminal, host, ended, options);
}

/** The contract of a template's inputs; one that is not there is answered with those that are. */
export async function inputsOf(host: RunHost, template: string, revision?: string): Promise<JsonSchema> {
  try {
    return await host.inputsOf(template, revision);
  } catch (error) {
    const known = error instanceof ApiError || error instanceof StagewrightError;
    if (!known || error.code !== 'TEMPLATE_NOT_FOUND') throw error;
    throw unknownTemplate(
      template,
      (await host.templates()).map(({ name }) => name),
    );
  }
}

function detach(terminal: Terminal, { id, state }: RunView, options: RunOptions): void {
  if (options.json === true) printJson(terminal, { id, state });
  else print(terminal, `Run ${id} is ${state}. Look at it with: stagewright show ${id}`);
}

/** Exit code 1 when the run failed, or when it can never end: without a server, or interrupted, nobody goes on with it. */
async function finish(terminal: Terminal, host: RunHost, view: RunView, options: RunOptions): Promise<void> {
  const onServer = options.server !== undefined;
  const open = view.state !== 'done' && view.state !== 'failed' && view.state !== 'cancelled';
  if (view.state === 'failed' || view.state === 'cancelled') terminal.exitCode = 1;
  if (open && (!onServer || terminal.signal.aborted)) terminal.exitCode = 1;
  const saved = options.out === undefined ? [] : await save(terminal, host, view, options.out);
  if (options.json === true) {
    printJson(terminal, view);
    return;
  }
  print(terminal, `\n${renderSummary(view)}`);
  for (const line of renderArtifacts(view)) print(terminal, line);
  for (const path of saved) print(terminal, `saved ${path}`);
  if (open) print(terminal, `\n${renderNextSteps(view, { onServer, interrupted: terminal.signal.aborted })}`);
}

async function save(terminal: Terminal, host: RunHost, view: RunView, out: string): Promise<string[]> {
  const saved = await saveArtifacts(host, resultFiles(view), resolve(terminal.cwd, out));
  return saved.map(({ path }) => path);
}
