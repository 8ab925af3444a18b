/** Where child processes look for programs: the one thing of the environment that they are given. */
export function searchPath(): string {
  return process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
}
