import { StagewrightError, nearest } from '@stagewright/engine/errors';
import type { Finding, Json } from '@stagewright/engine';

/** Wrong use of the command line: exit code 2. */
export class UsageError extends StagewrightError {}

export const wrongInput = (text: string): UsageError =>
  new UsageError('CLI_INPUT_INVALID', `"${text}" is not an input.`, {
    hint: 'Write -i name=value, or -i name=@file.',
  });

export const notJson = (what: string): UsageError =>
  new UsageError('CLI_INPUT_INVALID', `${what} is not JSON or YAML.`, {
    hint: 'Quote texts that hold a colon or begin with a special character.',
  });

export const unreadableFile = (path: string, reason: string): UsageError =>
  new UsageError('CLI_FILE_UNREADABLE', `Cannot read ${path}: ${reason}.`, {
    hint: 'Check the path and its rights.',
  });

export const noRegistry = (path: string): UsageError =>
  new UsageError('CLI_NO_REGISTRY', `There is no registry at ${path}.`, {
    hint: 'Name a folder with stagewright.yaml or templates/, or a folder inside one.',
  });

export const registryTooBig = (path: string, limits: string): UsageError =>
  new UsageError('CLI_REGISTRY_TOO_BIG', `The registry at ${path} has more than ${limits}.`, {
    hint: 'Name the folder of the registry itself, not one that holds other things.',
  });

export const noRepository = (path: string): UsageError =>
  new UsageError('CLI_NO_REPOSITORY', `The registry at ${path} is in no Git repository.`, {
    hint: 'Compare revisions inside a clone; "stagewright check" needs no Git.',
  });

export const noRevision = (revision: string): UsageError =>
  new UsageError('CLI_NO_REVISION', `Git knows no commit for ${JSON.stringify(revision)} here.`, {
    hint: 'Name a branch, a tag or a commit. In a shallow clone, fetch it first: git fetch --depth=1 origin COMMIT.',
  });

export const gitFailed = (reason: string): StagewrightError =>
  new StagewrightError('CLI_GIT_FAILED', `Git could not be asked: ${reason.trim() || 'it gave no reason'}.`, {
    hint: 'Try "git log" in the same folder.',
  });

export const nameInvalid = (name: string): UsageError =>
  new UsageError('CLI_NAME_INVALID', `${JSON.stringify(name)} cannot be the name of a template.`, {
    hint: 'Use lower-case letters, digits, "-" and "_", beginning with a letter, at most 64.',
  });

export const templateExists = (path: string): UsageError =>
  new UsageError('CLI_TEMPLATE_EXISTS', `${path} is there already.`, {
    hint: 'Choose another name, or edit what is there. Nothing was written.',
  });

export const unknownType = (type: string, known: string[]): UsageError => {
  const meant = nearest(type, known);
  const list = `There are: ${known.join(', ')}.`;
  return new UsageError('CLI_TYPE_UNKNOWN', `No plugin provides the workflow type "${type}".`, {
    hint: meant === null ? list : `Did you mean "${meant}"? ${list}`,
  });
};

export const folderNotEmpty = (path: string): UsageError =>
  new UsageError('CLI_NO_REGISTRY', `There is no registry at ${path}, and the folder is not empty.`, {
    hint: 'Name the folder of a registry with --registry, or an empty folder: then one is made there.',
  });

export const registryNotServable = (path: string): UsageError =>
  new UsageError('CLI_REGISTRY_NOT_SERVABLE', `There is no Git repository at ${path}.`, {
    hint: 'A server reads templates from commits: run "git init" there and commit, or serve the files as they are with --watch.',
  });

export const unknownTemplate = (name: string, known: string[]): UsageError => {
  const meant = nearest(name, known);
  const list = known.length === 0 ? 'The registry has no templates.' : `There are: ${known.join(', ')}.`;
  return new UsageError('TEMPLATE_NOT_FOUND', `There is no template "${name}".`, {
    hint: meant === null ? list : `Did you mean "${meant}"? ${list}`,
  });
};

export const templateNeeded = (command = 'run'): UsageError =>
  new UsageError('CLI_TEMPLATE_NEEDED', `${command} needs the name of a template.`, {
    hint:
      command === 'run' ? 'Name one of those above: stagewright run NAME.' : '`stagewright run` lists them.',
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
  new UsageError('CLI_STAGE_NEEDED', `${verb} needs --stage: the run waits at ${stages.join(', ')}.`, {
    hint: `Add --stage ${stages[0] ?? 'NAME'}, for instance.`,
  });

export const ambiguousTask = (verb: string, tasks: string[]): UsageError =>
  new UsageError('CLI_STAGE_NEEDED', `${verb} needs --task: the run waits for ${tasks.join(', ')}.`, {
    hint: `Add --task ${tasks[0] ?? 'NAME'}, for instance.`,
  });

export const needsServer = (option: string): UsageError =>
  new UsageError('CLI_SERVER_NEEDED', `${option} needs a server.`, {
    hint: 'Add --server URL. Without one the run ends with this process.',
  });

export const needsFolder = (option: string): UsageError =>
  new UsageError('CLI_OUT_NEEDED', `${option} needs a folder to write to.`, { hint: 'Add --out DIR.' });

export const unknownRound = (task: string, rounds: number[]): UsageError =>
  new UsageError('CLI_NOTHING_TO_COMPARE', `${task} has no two results to compare.`, {
    hint:
      rounds.length === 0
        ? 'It has given none yet.'
        : `It has given one in these rounds: ${rounds.join(', ')}.`,
  });

export const taskNeeded = (tasks: string[]): UsageError =>
  new UsageError('CLI_TASK_NEEDED', 'Comparing rounds needs --task.', {
    hint: tasks.length === 0 ? 'No task was made twice.' : `Made more than once: ${tasks.join(', ')}.`,
  });

export const nothingWaits = (verb: string, state: string, what = 'approval'): StagewrightError =>
  new StagewrightError(
    'STATE_CONFLICT',
    `${verb} does not apply: no stage of the run waits for ${what}, it is ${state}.`,
    { details: { state } },
  );

export const provenanceBroken = (what: string, why: string): StagewrightError =>
  new StagewrightError('PROVENANCE_BROKEN', `${what}: ${why}.`, {
    hint: 'Save the file again with `stagewright artifacts RUN --out DIR --provenance`, and take the key of that server.',
  });

export const runMovedOn = (run: string): StagewrightError =>
  new StagewrightError('STATE_CONFLICT', `Run ${run} changes faster than it can be read.`, {
    hint: 'Wait until it has ended or waits for a person.',
  });

export const fileExists = (path: string): UsageError =>
  new UsageError('CLI_FILE_EXISTS', `There is a file at ${path}.`, {
    hint: 'Name another one with --out or --title, or overwrite it with --force.',
  });

export const needsRecord = (option: string): UsageError =>
  new UsageError('CLI_RECORD_NEEDED', `${option} is for recording a case.`, {
    hint: 'Write: stagewright test TEMPLATE --record -i name=value.',
  });

export const newCaseOnly = (option: string): UsageError =>
  new UsageError('CLI_RECORD_NEEDED', `${option} is for recording a new case.`, {
    hint: 'Name a template instead of a case: stagewright test TEMPLATE --record.',
  });

export const caseBroken = (path: string, findings: Finding[]): StagewrightError =>
  new StagewrightError('CLI_CASE_BROKEN', `The case ${path} cannot be played.`, {
    hint: 'Mend what is listed.',
    details: { findings: findings.filter(({ severity }) => severity === 'error') as unknown as Json },
  });
