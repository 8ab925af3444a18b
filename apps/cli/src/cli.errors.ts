import { StagewrightError } from '@stagewright/engine';

/** Wrong use of the command line: exit code 2. */
export class UsageError extends StagewrightError {}

export const wrongInput = (text: string): UsageError =>
  new UsageError('CLI_INPUT_INVALID', `"${text}" is not an input.`, {
    hint: 'Write -i name=value, or -i name=@file.',
  });

export const unreadableFile = (path: string, reason: string): UsageError =>
  new UsageError('CLI_FILE_UNREADABLE', `Cannot read ${path}: ${reason}.`, {
    hint: 'Check the path and its rights.',
  });

export const noRegistry = (path: string): UsageError =>
  new UsageError('CLI_NO_REGISTRY', `There is no registry at ${path}.`, {
    hint: 'Name a folder with stagewright.yaml or templates/, or a folder inside one.',
  });

export const unknownTemplate = (name: string, known: string[]): UsageError =>
  new UsageError('TEMPLATE_NOT_FOUND', `There is no template "${name}".`, {
    hint: known.length === 0 ? 'The registry has no templates.' : `There are: ${known.join(', ')}.`,
  });

export const noToken = (places: string): UsageError =>
  new UsageError('CLI_NO_TOKEN', `No token for the server was found in ${places}.`, {
    hint: 'Set STAGEWRIGHT_TOKEN, or DATA_DIR to the data directory of the server.',
  });

export const missingInput = (names: string[]): UsageError =>
  new UsageError('CLI_INPUT_MISSING', `The template needs ${names.map((name) => `"${name}"`).join(', ')}.`, {
    hint: `Give it with -i ${names[0] ?? 'name'}=value, or use --inputs file.yaml.`,
  });

export const ambiguousStage = (verb: string, stages: string[]): UsageError =>
  new UsageError('CLI_STAGE_NEEDED', `${verb} needs --stage: the run waits at ${stages.join(', ')}.`, {});

export const nothingWaits = (verb: string, state: string): StagewrightError =>
  new StagewrightError(
    'STATE_CONFLICT',
    `${verb} does not apply: no stage of the run waits for approval, it is ${state}.`,
    {
      details: { state },
    },
  );
