import { StagewrightError } from '../errors/stagewright-error.ts';

/** What every runner of commands says in the same words, one factory per situation. */
export const commandErrors = {
  notAllowed: (command: string) =>
    new StagewrightError('CLI_NOT_ALLOWED', `The command ${shown(command)} is not allowed here.`, {
      hint: 'The operator allows commands by name in CLI_LOOP_COMMANDS.',
    }),
  subcommandNotAllowed: (command: string, subcommand: string | null, allowed: readonly string[]) =>
    new StagewrightError(
      'CLI_NOT_ALLOWED',
      `${shown(command)} may not be run ${subcommand === null ? 'without a sub-command' : `with ${shown(subcommand)}`}.`,
      { hint: `Its first argument must be one of: ${allowed.join(', ')}.` },
    ),
  unavailable: (command: string, reason: string) =>
    new StagewrightError(
      'CLI_UNAVAILABLE',
      `The command ${shown(command)} could not be started: ${reason}.`,
      {
        hint: 'Look at CLI_LOOP_COMMANDS, and at who may run the file that it names.',
      },
    ),
  /** `output` is what came before the limit. */
  limit: (command: string, what: string, output = '') =>
    new StagewrightError('CLI_LIMIT', `The command ${shown(command)} ${what}, and was ended.`, {
      hint: 'Let the command do less, or say less. The limits are in the reference of settings.',
      details: { output },
    }),
};

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
