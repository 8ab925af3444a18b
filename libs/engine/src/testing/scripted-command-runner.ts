import { commandErrors } from '../ports/command.errors.ts';
import { isHidden } from '../template/working-path.ts';
import type { CommandOutcome, CommandRequest, CommandRunner } from '../ports/command-runner.ts';

/** What a command does: an outcome, whose files default to those it was given, or what a function makes of the request. */
export type CommandScript =
  | Partial<CommandOutcome>
  /** Ends only when the caller gives up. */
  | { hang: true }
  /** Goes over a limit. */
  | { limit: string };

export interface ScriptedCommand {
  /** First arguments that are allowed. Default: any. */
  subcommands?: string[];
  /** One script per run, in order; the last stands for every later run. */
  script: CommandScript[] | ((request: CommandRequest) => CommandScript);
}

/** Commands that do what a test told them to, and remember how they were called. Starts no process. */
export class ScriptedCommandRunner implements CommandRunner {
  readonly requests: CommandRequest[] = [];
  readonly #commands: Record<string, ScriptedCommand>;

  constructor(commands: Record<string, ScriptedCommand>) {
    this.#commands = commands;
  }

  admit(command: string, subcommand?: string | null): void {
    if (!Object.hasOwn(this.#commands, command)) throw commandErrors.notAllowed(command);
    const allowed = this.#commands[command]?.subcommands;
    if (allowed === undefined || subcommand === undefined) return;
    if (subcommand === null || !allowed.includes(subcommand))
      throw commandErrors.subcommandNotAllowed(command, subcommand, allowed);
  }

  async run(request: CommandRequest): Promise<CommandOutcome> {
    const { command, args, files, signal } = request;
    this.admit(command, args[0] ?? null);
    signal.throwIfAborted();
    this.requests.push({ ...request, files: structuredClone(files) });
    const script = this.#next(request);
    if ('hang' in script) await aborted(signal);
    signal.throwIfAborted();
    if ('limit' in script) throw commandErrors.limit(command, script.limit);
    const outcome = { exitCode: 0, output: '', files, ...(script as Partial<CommandOutcome>) };
    return { ...outcome, files: outcome.files.filter(({ path }) => !isHidden(path)) };
  }

  #next(request: CommandRequest): CommandScript {
    const script = this.#commands[request.command]?.script ?? [];
    if (typeof script === 'function') return script(request);
    const calls = this.requests.filter(({ command }) => command === request.command).length;
    return script[Math.min(calls, script.length) - 1] ?? {};
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
