import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { registerAgain } from './commands/again.ts';
import { registerArtifacts } from './commands/artifacts.ts';
import { registerAttempts } from './commands/attempts.ts';
import { registerCheck } from './commands/check.ts';
import { registerDecisions } from './commands/decisions.ts';
import { registerDiff } from './commands/diff.ts';
import { registerNew } from './commands/new.ts';
import { registerReport } from './commands/report.ts';
import { registerResolve } from './commands/resolve.ts';
import { registerRun } from './commands/run.ts';
import { registerRuns } from './commands/runs.ts';
import { registerSaveTest } from './commands/save-test.ts';
import { registerServe } from './commands/serve.ts';
import { registerWorker } from './commands/worker.ts';
import { registerTest } from './commands/test.ts';
import { registerVerify } from './commands/verify.ts';
import { registerVerbs } from './commands/verbs.ts';
import { COMMAND_EXAMPLES } from './commands/examples.ts';
import type { Terminal } from './terminal.ts';

/** The whole command line, with nothing run yet. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('stagewright')
    .description('Content workflows from Git: AI does the work, people sign it off, real files come out.')
    .usage('<command> [options]')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${argumentsOf(command)}`.trimEnd() })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    })
    .showHelpAfterError('(stagewright --help lists the commands)');
  program.commandsGroup('Templates:');
  registerCheck(program, terminal);
  registerTest(program, terminal);
  registerSaveTest(program, terminal);
  registerDiff(program, terminal);
  registerReport(program, terminal);
  registerNew(program, terminal);
  program.commandsGroup('Runs:');
  registerRun(program, terminal);
  registerRuns(program, terminal);
  registerArtifacts(program, terminal);
  registerAttempts(program, terminal);
  registerVerify(program, terminal);
  program.commandsGroup('Decisions:');
  registerDecisions(program, terminal);
  registerResolve(program, terminal);
  program.commandsGroup('Steering:');
  registerVerbs(program, terminal);
  registerAgain(program, terminal);
  program.commandsGroup('Server:');
  registerServe(program, terminal);
  registerWorker(program, terminal);
  program.commandsGroup('Help:').helpCommand('help [command]', 'show help for a command');
  for (const command of program.commands) addExamples(command);
  program.addHelpText('after', MORE);
  return program;
}

const MORE = `
Commands about runs ask the server at --server, else STAGEWRIGHT_SERVER, else http://127.0.0.1:3000.
Exit codes: 0 fine, 1 the thing checked or run failed, 2 wrong use.`;

function addExamples(command: Command): void {
  const lines = (COMMAND_EXAMPLES[command.name()] ?? []).map(({ line }) => `  ${line}`);
  if (lines.length > 0) command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

function argumentsOf(command: Command): string {
  return command.registeredArguments
    .map((argument) => (argument.required ? `<${argument.name()}>` : `[${argument.name()}]`))
    .join(' ');
}

/** The version of this package: the same beside `src` and beside `dist`. */
function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
