import { dirname } from 'node:path';
import { newCaseOnly, templateNeeded } from '../cli.errors.ts';
import { deciderOf } from '../deciding.ts';
import { followRun } from '../follow-run.ts';
import { openHost } from '../hosts/open-host.ts';
import type { HostOptions } from '../hosts/open-host.ts';
import { gatherInputs } from '../inputs/gather-inputs.ts';
import { usualRegistry } from '../registry/usual-registry.ts';
import type { Terminal } from '../terminal.ts';
import { inputsOf } from './run.ts';

/** Options of `test --record`. */
export interface RecordOptions extends HostOptions {
  input?: string[];
  inputs?: string;
  title?: string;
  approve?: boolean;
  out?: string;
  force?: boolean;
  update?: boolean;
  json?: boolean;
}

/** Runs a template, here or on a server, and makes a recorded case of the run: of one that waits, up to where it waits. */
export async function recordTest(
  terminal: Terminal,
  template: string | undefined,
  options: RecordOptions,
): Promise<void> {
  if (template === undefined) throw templateNeeded('test --record');
  if (template.endsWith('.test.yaml')) return await recordCaseAgain(terminal, template, options);
  const { refuseTaken, saveCase } = await import('../recording/save-case.ts');
  const { reportSaved } = await import('../recording/report-saved.ts');
  const registry = usualRegistry(terminal.cwd, options.registry);
  const { title, out } = options;
  const isNamed = title !== undefined || out !== undefined;
  if (isNamed) refuseTaken(terminal, { ...options, registry, template, title: title ?? template });
  const host = await openHost(terminal, options);
  try {
    const inputs = await gatherInputs(terminal, host, await inputsOf(host, template), options);
    const created = await host.create({ template, inputs, title });
    await followRun(terminal, host, created, {
      decide: deciderOf(terminal, host, options),
      wait: false,
      quiet: options.json === true,
    });
    const record = await host.record(created.id);
    const saved = await saveCase(terminal, record, { ...options, registry, rename: !isNamed });
    reportSaved(terminal, saved, options.json === true);
  } finally {
    await host.close();
  }
}

/** Asks again what a case asks: with its inputs, those given by option over them, and its decisions. */
async function recordCaseAgain(terminal: Terminal, path: string, options: RecordOptions): Promise<void> {
  refuseNewCase(options);
  const { openCase, recordAgain } = await import('../recording/record-again.ts');
  const { reportSaved } = await import('../recording/report-saved.ts');
  const onDisk = openCase(terminal.cwd, path);
  const host = await openHost(terminal, { ...options, registry: options.registry ?? dirname(onDisk.path) });
  try {
    const given = await gatherInputs(terminal, host, { type: 'object' }, options);
    const saved = await recordAgain(terminal, host, onDisk, {
      inputs: { ...onDisk.read.inputs, ...given },
      quiet: options.json === true,
      update: options.update === true,
    });
    reportSaved(terminal, saved, options.json === true);
  } finally {
    await host.close();
  }
}

/** The case is where it is, and decides as it says. */
function refuseNewCase({ title, out, approve, force }: RecordOptions): void {
  const [first] = Object.entries({ title, out, approve, force }).filter(([, value]) => value !== undefined);
  if (first !== undefined) throw newCaseOnly(`--${first[0]}`);
}
