import { StagewrightError } from '../../errors/stagewright-error.ts';
import { cutText, DETAIL_CHARACTERS } from '../bounds.ts';
import type { CommandOutcome } from '../../ports/command-runner.ts';

/** What can go wrong in a loop besides what its command does, one factory per situation. */
export const loopErrors = {
  argumentForbidden: (command: string, position: number, why: string) =>
    new StagewrightError('CLI_ARG_FORBIDDEN', `Argument ${position + 1} of "${command}" ${why}.`, {
      hint: 'Data that may begin with "-" goes behind an argument "--" that the template writes itself.',
    }),
  fileInvalid: (path: string, why: string) =>
    new StagewrightError(
      'CLI_FILE_INVALID',
      `The working file ${JSON.stringify(path.slice(0, 100))} ${why}.`,
      {
        hint: 'Working files are {path, content} or {path, artifact}, with plain relative paths that the template fixes where it can.',
      },
    ),
  filesInvalid: (why: string) =>
    new StagewrightError('CLI_FILE_INVALID', `The working files ${why}.`, {
      hint: 'Give `files` a list of {path, content} or {path, artifact}.',
    }),
  gaveUp: (command: string, iterations: number, { last, why }: { last: CommandOutcome; why: string }) =>
    new StagewrightError(
      'CLI_LOOP_GAVE_UP',
      `"${command}" did not pass in ${iterations} ${iterations === 1 ? 'run' : 'runs'}: ${why}.`,
      {
        hint: 'Read its output and the edits in the attempt; make the repair prompt say more, or raise maxIterations.',
        details: { iterations, exitCode: last.exitCode, output: cutText(last.output, DETAIL_CHARACTERS) },
      },
    ),
};
