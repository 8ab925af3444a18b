import { Command, CommanderError } from 'commander';
import { StagewrightError } from '@stagewright/engine';
import { UsageError } from './cli.errors.ts';
import { registerCheck } from './commands/check.ts';
import { registerRun } from './commands/run.ts';
import { registerRuns } from './commands/runs.ts';
import { registerServe } from './commands/serve.ts';
import { registerTest } from './commands/test.ts';
import { registerVerbs } from './commands/verbs.ts';
import { printError } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** Runs one command line. Gives the exit code: 0 fine, 1 the thing checked or run failed, 2 wrong use. */
export async function runCli(args: string[], terminal: Terminal): Promise<0 | 1 | 2> {
  const program = createProgram(terminal);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    return explain(terminal, error);
  }
  return terminal.exitCode;
}

function createProgram(terminal: Terminal): Command {
  const program = new Command('stagewright')
    .description('Content workflows from Git: AI does the work, people sign it off, real files come out.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    })
    .showHelpAfterError('(stagewright --help lists the commands)');
  registerCheck(program, terminal);
  registerTest(program, terminal);
  registerRun(program, terminal);
  registerServe(program, terminal);
  registerRuns(program, terminal);
  registerVerbs(program, terminal);
  return program;
}

function explain(terminal: Terminal, error: unknown): 0 | 1 | 2 {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof StagewrightError) {
    printError(terminal, `${error.code}: ${error.message}`);
    if (error.hint !== undefined) printError(terminal, `  hint: ${error.hint}`);
    return error instanceof UsageError ? 2 : 1;
  }
  printError(terminal, error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}
