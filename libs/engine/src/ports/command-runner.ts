import type { RunId, StageId, TaskId } from '../vocabulary.ts';

/** A file that a command works on. */
export interface WorkingFile {
  /** Relative, with `/`: see `workingPathFault`. */
  path: string;
  content: Uint8Array;
}

/** A command by the name that the operator gave it, and its arguments as they reach it. */
export interface CommandLine {
  command: string;
  args: string[];
}

export interface CommandRequest extends CommandLine {
  /** What the command finds in its working folder: these and nothing else. */
  files: WorkingFile[];
  origin: CommandOrigin;
  /** Ends the command, and all that it started, at once. */
  signal: AbortSignal;
}

/** Whose work a command does. */
export interface CommandOrigin {
  run: RunId;
  stage: StageId;
  task: TaskId;
  attempt: number;
  /** 1 for the first run of the loop. */
  iteration: number;
}

export interface CommandOutcome {
  exitCode: number;
  /** Both output streams in the order in which they came. Holds no secret of the host. */
  output: string;
  /** The plain files of the working folder afterwards, by path. Hidden ones, links and the like are left out. */
  files: WorkingFile[];
}

/**
 * Runs commands that the operator allows. Left out on purpose: a shell, standard input, an environment, and a folder that
 * outlives the run. What one run leaves behind is what it gives back.
 */
export interface CommandRunner {
  /**
   * Throws `CLI_NOT_ALLOWED` when the operator does not allow the command, or its sub-command: the first argument, null
   * when there is none. Without one that is known yet, only the command is looked at. Starts nothing.
   */
  admit(command: string, subcommand?: string | null): void;
  /**
   * Runs a command to its end. When it gives back, nothing that the command started is alive. Throws `CLI_NOT_ALLOWED`,
   * `CLI_UNAVAILABLE` when it cannot be started, `CLI_LIMIT` when it went over a limit, or the reason of the signal.
   */
  run(request: CommandRequest): Promise<CommandOutcome>;
}
