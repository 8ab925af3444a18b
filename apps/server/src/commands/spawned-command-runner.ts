import { commandErrors } from '@stagewright/engine';
import type { CommandOutcome, CommandRequest, CommandRunner, WorkingFile } from '@stagewright/engine';

import { redact } from '../config/redaction.ts';
import { fileFault } from './allowed-commands.ts';
import type { AllowedCommand } from './allowed-commands.ts';
import { CommandFolder, TooMuchLeft } from './command-folder.ts';
import { COMMAND_LIMITS } from './command-limits.ts';
import type { CommandLimits } from './command-limits.ts';
import { runProcess } from './command-process.ts';
import type { ProcessEnd } from './command-process.ts';
import type { Confinement } from './confinement.ts';
import { killMarked, MARK_VARIABLE } from './process-table.ts';
import { Watchdog } from './watchdog.ts';

/** What an error keeps of what a command printed, in characters. */
const OUTPUT_KEPT = 12_000;
/** What the stages in front of a command exit with when there is nothing that they can start. */
const NOT_STARTED = [126, 127];

export interface SpawnedCommandOptions {
  commands: readonly AllowedCommand[];
  confinement: Confinement;
  /** Values that no output may show. */
  secrets: readonly string[];
  /** Folders in which a command finds the programs that it needs itself; absolute, joined by `:`. */
  searchPath: string;
  limits?: Partial<CommandLimits>;
}

/** Commands as processes of this machine: no shell, an environment of its own, a folder that is gone afterwards. */
export class SpawnedCommandRunner implements CommandRunner {
  readonly #commands: ReadonlyMap<string, AllowedCommand>;
  readonly #options: SpawnedCommandOptions;
  readonly #limits: CommandLimits;
  readonly #watchdog = new Watchdog();

  constructor(options: SpawnedCommandOptions) {
    this.#options = options;
    this.#commands = new Map(options.commands.map((command) => [command.name, command]));
    this.#limits = { ...COMMAND_LIMITS, ...options.limits };
  }

  admit(command: string, subcommand?: string | null): void {
    this.#allowed(command, subcommand);
  }

  async run(request: CommandRequest): Promise<CommandOutcome> {
    const { command, args, files, signal } = request;
    const allowed = this.#allowed(command, args[0] ?? null);
    const fault = fileFault(allowed.file);
    if (fault !== null) throw commandErrors.unavailable(command, `it is ${allowed.file}, ${fault}`);
    signal.throwIfAborted();
    const folder = CommandFolder.reserve();
    this.#watchdog.tell({ news: 'begun', mark: folder.mark, folder: folder.path });
    try {
      await folder.make(files, this.#options.confinement.user);
      const ended = await this.#process(allowed, request, folder);
      return { ...this.#judge(command, ended, signal), files: await this.#filesIn(command, folder) };
    } finally {
      await folder.remove();
      this.#watchdog.tell({ news: 'over', mark: folder.mark });
    }
  }

  close(): void {
    this.#watchdog.close();
  }

  #allowed(command: string, subcommand: string | null | undefined): AllowedCommand {
    const allowed = this.#commands.get(command);
    if (allowed === undefined) throw commandErrors.notAllowed(command);
    const { subcommands } = allowed;
    if (subcommands === null || subcommand === undefined) return allowed;
    if (subcommand !== null && subcommands.includes(subcommand)) return allowed;
    throw commandErrors.subcommandNotAllowed(command, subcommand, subcommands);
  }

  async #process(
    allowed: AllowedCommand,
    { args, signal }: CommandRequest,
    folder: CommandFolder,
  ): Promise<ProcessEnd> {
    const { confinement } = this.#options;
    const { network } = allowed;
    const ended = await runProcess({
      ...confinement.wrap({ file: allowed.file, args }, { network, limits: this.#limits }),
      folder: folder.work,
      env: this.#environment(folder),
      limits: this.#limits,
      signal,
      started: (pid) => this.#watchdog.tell({ news: 'started', mark: folder.mark, pid }),
    });
    if (!confinement.hasNamespace) killMarked(folder.mark);
    return ended;
  }

  /** The whole environment of a command: nothing of the server's own gets through. */
  #environment({ home, temporary, mark }: CommandFolder): Record<string, string> {
    return {
      PATH: this.#options.searchPath,
      HOME: home,
      TMPDIR: temporary,
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      NO_COLOR: '1',
      [MARK_VARIABLE]: mark,
    };
  }

  #judge(
    command: string,
    { output, end }: ProcessEnd,
    signal: AbortSignal,
  ): Pick<CommandOutcome, 'exitCode' | 'output'> {
    const text = redact(output.toString('utf8'), this.#options.secrets);
    switch (end.kind) {
      case 'aborted':
        throw signal.reason;
      case 'unstarted':
        throw commandErrors.unavailable(command, end.reason);
      case 'limit':
        throw commandErrors.limit(command, end.what, text.slice(0, OUTPUT_KEPT));
      case 'signal': {
        const what = `was stopped by ${end.signal}, as happens when it needs more memory than it may have`;
        throw commandErrors.limit(command, what, text.slice(0, OUTPUT_KEPT));
      }
      case 'exit':
        if (NOT_STARTED.includes(end.code))
          throw commandErrors.unavailable(command, text.slice(0, 500).trim());
        return { exitCode: end.code, output: text };
    }
  }

  async #filesIn(command: string, folder: CommandFolder): Promise<WorkingFile[]> {
    try {
      return (await folder.read()).map((file) => this.#withoutSecrets(file));
    } catch (error) {
      if (error instanceof TooMuchLeft) throw commandErrors.limit(command, error.message);
      throw error;
    }
  }

  /** A secret that a command wrote down would go on to a model, or to whoever downloads the file. */
  #withoutSecrets(file: WorkingFile): WorkingFile {
    const { secrets } = this.#options;
    const content = Buffer.from(file.content);
    if (!secrets.some((secret) => content.includes(secret))) return file;
    // Byte for byte, so that what is not text stays what it is.
    const blank = redact(
      content.toString('latin1'),
      secrets.map((secret) => Buffer.from(secret).toString('latin1')),
    );
    return { path: file.path, content: Buffer.from(blank, 'latin1') };
  }
}
