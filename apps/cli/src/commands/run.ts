import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { JsonSchema, RunView } from '@stagewright/engine';
import { resultFiles, saveArtifacts } from '../artifact-files.ts';
import { openHost } from '../hosts/open-host.ts';
import type { HostOptions } from '../hosts/open-host.ts';
import { ENDED } from '../hosts/run-host.ts';
import type { RunHost } from '../hosts/run-host.ts';
import { askInputs, missingInputs } from '../inputs/ask-inputs.ts';
import { readGivenInputs } from '../inputs/given-inputs.ts';
import { renderArtifacts, renderSummary, waitText } from '../render/run-summary.ts';
import { approveAll, followRun } from '../follow-run.ts';
import { decideAtTerminal } from '../review.ts';
import { isInteractive, print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

interface RunOptions extends HostOptions {
  input: string[];
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
    .argument('<template>', 'name of the template')
    .option(
      '-i, --input <name=value>',
      'an input; name=@path reads a file or folder (repeatable)',
      collect,
      [],
    )
    .option('--inputs <file>', 'inputs from a YAML or JSON file')
    .option('--title <text>', 'a title for the run')
    .option('--revision <commit>', 'run an older revision (with --server)')
    .option('--registry <path>', 'folder of the registry (without --server)')
    .option('--server <url>', 'run on this server')
    .option('--out <dir>', 'save the files that the run results in here')
    .option('--approve', 'approve every gate without asking')
    .option('--wait', 'keep waiting while other people decide')
    .option('--detach', 'return as soon as the run is started (with --server)')
    .option('--json', 'print JSON')
    .action(async (template: string, options: RunOptions) => {
      const host = await openHost(terminal, options);
      try {
        await runTemplate(terminal, host, template, options);
      } finally {
        await host.close();
      }
    });
}

export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

async function runTemplate(
  terminal: Terminal,
  host: RunHost,
  template: string,
  options: RunOptions,
): Promise<void> {
  const schema = await host.inputsOf(template, options.revision);
  const inputs = await gatherInputs(terminal, host, schema, options);
  const created = await host.create({ template, inputs, title: options.title, revision: options.revision });
  if (options.detach === true) {
    if (options.json === true) printJson(terminal, { id: created.id, state: created.state });
    else
      print(
        terminal,
        `Run ${created.id} is ${created.state}. Look at it with: stagewright show ${created.id}`,
      );
    return;
  }
  const ended = await followRun(terminal, host, created, {
    decide: decider(terminal, host, options),
    wait: options.wait === true,
    quiet: options.json === true,
  });
  await finish(terminal, host, ended, options);
}

/** Who answers when the run waits: `--approve`, a person at the terminal, or nobody. */
function decider(terminal: Terminal, host: RunHost, options: RunOptions): (run: RunView) => Promise<boolean> {
  if (options.approve === true) return (run) => approveAll(host, run);
  if (isInteractive(terminal) && options.json !== true) return (run) => decideAtTerminal(terminal, host, run);
  return () => Promise.resolve(false);
}

/** What was given, what the terminal answered, and uploads turned into artifact ids. */
async function gatherInputs(
  terminal: Terminal,
  host: RunHost,
  schema: JsonSchema,
  options: RunOptions,
): Promise<RunView['inputs']> {
  const given = readGivenInputs(options.input, options.inputs, schema, terminal.cwd);
  const names = new Set([...Object.keys(given.values), ...given.uploads.map(({ input }) => input)]);
  const asked = await askInputs(terminal, schema, missingInputs(schema, names));
  const pairs = asked.map(({ name, text }) =>
    isArtifact(schema, name) ? `${name}=@${text}` : `${name}=${text}`,
  );
  const more = readGivenInputs(pairs, undefined, schema, terminal.cwd);
  const values = { ...given.values, ...more.values };
  for (const file of [...given.uploads, ...more.uploads])
    values[file.input] = (await host.upload(file)).artifact;
  return values;
}

function isArtifact(schema: JsonSchema, name: string): boolean {
  const properties = schema['properties'] as Record<string, JsonSchema> | undefined;
  return properties?.[name]?.['format'] === 'artifact';
}

async function finish(terminal: Terminal, host: RunHost, view: RunView, options: RunOptions): Promise<void> {
  const saved =
    options.out === undefined
      ? []
      : await saveArtifacts(host, resultFiles(view), resolve(terminal.cwd, options.out));
  if (view.state === 'failed' || view.state === 'cancelled') terminal.exitCode = 1;
  if (options.json === true) {
    printJson(terminal, view);
    return;
  }
  print(terminal, `\n${renderSummary(view)}`);
  for (const line of renderArtifacts(view)) print(terminal, line);
  for (const path of saved) print(terminal, `saved ${path}`);
  if (!ENDED.has(view.state)) printNextSteps(terminal, view, options);
}

function printNextSteps(terminal: Terminal, view: RunView, options: RunOptions): void {
  const waits = view.waitingFor.map(waitText).filter((text) => text !== null);
  print(terminal, `\nThe run waits: ${waits.join('; ')}.`);
  if (options.server === undefined) {
    terminal.exitCode = 1;
    print(terminal, 'Without a server nobody can decide later: use --approve, or a terminal to be asked on.');
    return;
  }
  print(
    terminal,
    `Decide with: stagewright approve ${view.id}   or   stagewright request-changes ${view.id} --comment "..."`,
  );
}
