/*
 * A process that runs one command and waits for it: what a test kills with -9. Arguments: the file of the command, and
 * tools of confinement to leave out.
 */
import { Confinement } from '../confinement.ts';
import type { ConfiningTool } from '../confinement.ts';
import { SpawnedCommandRunner } from '../spawned-command-runner.ts';

const [, , file = '', ...without] = process.argv;
const runner = new SpawnedCommandRunner({
  commands: [{ name: 'command', file, subcommands: null, network: false }],
  confinement: await Confinement.detect(without as ConfiningTool[]),
  secrets: [],
  searchPath: process.argv[0]?.replace(/\/[^/]*$/, ':/usr/bin:/bin') ?? '',
});
await runner.run({
  command: 'command',
  args: [],
  files: [],
  origin: { run: 'r', stage: 's', task: 's', attempt: 1, iteration: 1 },
  signal: new AbortController().signal,
});
