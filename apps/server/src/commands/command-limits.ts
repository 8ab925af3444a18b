/** What one run of a command may use. */
export interface CommandLimits {
  timeMs: number;
  /** Of both output streams together. */
  outputBytes: number;
  /** Of each process, where the system can say so. */
  memoryBytes: number;
  /** Processes and threads, where the system can say so. */
  processes: number;
  /** Of the largest file that it writes, where the system can say so. */
  fileBytes: number;
}

export const COMMAND_LIMITS: CommandLimits = {
  timeMs: 120_000,
  outputBytes: 1024 * 1024,
  memoryBytes: 2 * 1024 * 1024 * 1024,
  processes: 128,
  fileBytes: 64 * 1024 * 1024,
};
