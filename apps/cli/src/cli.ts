import { ApiError } from '@stagewright/client';
import { CommanderError } from 'commander';
import { StagewrightError } from '@stagewright/engine/errors';
import { UsageError } from './cli.errors.ts';
import { createProgram } from './program.ts';
import { printError } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** Runs one command line. Gives the exit code: 0 fine, 1 the thing checked or run failed, 2 wrong use. */
export async function runCli(args: string[], terminal: Terminal): Promise<0 | 1 | 2> {
  const program = createProgram(terminal);
  try {
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
  } catch (error) {
    return explain(terminal, error);
  }
  return terminal.exitCode;
}

function explain(terminal: Terminal, error: unknown): 0 | 1 | 2 {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof StagewrightError || error instanceof ApiError) {
    printError(terminal, `${error.code}: ${error.message}`);
    for (const fault of faultsOf(error)) printError(terminal, fault);
    if (error.hint !== undefined) printError(terminal, `  hint: ${error.hint}`);
    return error instanceof UsageError ? 2 : 1;
  }
  // Not an error of ours: the place it comes from is what a report about it needs.
  printError(terminal, error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}

/** What is wrong in detail, one line each: faults of inputs, findings of a template. */
function faultsOf(error: StagewrightError | ApiError): string[] {
  const details: Readonly<Record<string, unknown>> =
    error instanceof ApiError ? error.problem : (error.details ?? {});
  const violations = listOf(details['violations']).map(
    ({ path, message }) => `  ${path || 'inputs'}: ${message}`,
  );
  const findings = listOf(details['findings']).map(
    ({ file, line, column, code, message }) => `  ${file}:${line}:${column}  ${code}  ${message}`,
  );
  return [...violations, ...findings];
}

function listOf(value: unknown): Array<Record<string, string>> {
  return Array.isArray(value) ? value.map((one: unknown) => Object(one) as Record<string, string>) : [];
}
