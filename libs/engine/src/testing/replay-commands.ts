import { answerMissing } from './replay.errors.ts';
import { indexOfTask } from './recorded-value.ts';
import { renderText } from '../expression/index.ts';
import { isHidden } from '../template/working-path.ts';
import type { RecordedAnswers } from './replay-answers.ts';
import type { CommandRequest, CommandRunner, WorkingFile } from '../ports/command-runner.ts';
import type { Json, JsonObject, StageId } from '../vocabulary.ts';

/**
 * Commands answered from the recording; none is run, and every name is allowed. A loop is recorded as `{runs, repairs}`:
 * what each run gave, `{exitCode, output, files}` with 0, nothing and no changed file when left out, and the edits of
 * each repair. `files` holds the text of each file that the run wrote, by path.
 */
export function recordedCommands(answers: RecordedAnswers): CommandRunner {
  return {
    admit: () => undefined,
    // eslint-disable-next-line @typescript-eslint/require-await -- a recorded error must come as a rejection
    run: async (request) => {
      const { stage, task, iteration } = request.origin;
      answers.called(stage, indexOfTask(task), callOf(request));
      const recorded = answers.answer(stage, indexOfTask(task));
      const { exitCode, output, files } = partOf(recorded, 'runs', { stage, nth: iteration }) as JsonObject;
      return {
        exitCode: typeof exitCode === 'number' ? exitCode : 0,
        output: typeof output === 'string' ? output : '',
        files: filesAfter(request, files),
      };
    },
  };
}

/** A call of a command as a test looks at it: its files as text, the hidden ones too. */
function callOf({ command, args, files }: CommandRequest): JsonObject {
  const texts = files.map(({ path, content }) => [path, new TextDecoder().decode(content)] as const);
  return { command, args, files: Object.fromEntries(texts) };
}

/** The answer to a prompt: of a loop, the edits of the repair that it asks for; of any other stage, what is recorded. */
export function recordedRepair(stage: StageId, recorded: Json, subject: JsonObject): Json {
  const result = subject['result'];
  const repair = isObject(result) ? result['repair'] : undefined;
  return typeof repair === 'number' ? partOf(recorded, 'repairs', { stage, nth: repair }) : recorded;
}

function partOf(
  recorded: Json,
  key: 'runs' | 'repairs',
  { stage, nth }: { stage: StageId; nth: number },
): Json {
  const list = isObject(recorded) ? recorded[key] : undefined;
  const part = Array.isArray(list) ? list[nth - 1] : undefined;
  if (!isObject(part)) throw answerMissing(stage, `${key}[${nth - 1}] is not recorded`);
  return part;
}

function filesAfter({ files }: CommandRequest, written: Json | undefined): WorkingFile[] {
  const after = new Map(files.map((file) => [file.path, file]));
  for (const [path, text] of Object.entries(isObject(written) ? written : {}))
    after.set(path, { path, content: new TextEncoder().encode(renderText(text)) });
  return [...after.values()].filter(({ path }) => !isHidden(path));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
