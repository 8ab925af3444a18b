import { applyPatch, PATCH_CONTRACT, PATCH_SYSTEM, textOf } from './file-patch.ts';
import { renderPrompt } from '../ai-task.ts';
import { converse } from '../ai-conversation.ts';
import { cutText } from '../bounds.ts';
import { promptData } from '../prompt-data.ts';
import { digestOf } from '../../template/canonical.ts';
import { isHidden } from '../../template/working-path.ts';
import type { AskingStage } from '../ai-conversation.ts';
import type { LockedModel } from '../ai-models.ts';
import type { TaskAssignment } from '../assignment.ts';
import type { Feedback } from '../prompt-data.ts';
import type { Try } from '../task.ts';
import type { WorkingFile } from '../../ports/command-runner.ts';
import type { CliLoopStage, PlannedPrompt, Scope } from '../../template/plan.ts';
import type { JsonObject } from '../../vocabulary.ts';

/** What a prompt shows of one file, and of what the command printed, in UTF-8 bytes. */
const SHOWN_BYTES = 64 * 1024;

/** What a repair works with, the same for all repairs of a try. */
export interface RepairBench {
  one: Try;
  assignment: TaskAssignment;
  stage: CliLoopStage & { repair: PlannedPrompt };
  scope: Scope;
  models: LockedModel[];
}

/** What is to be mended. */
export interface Broken {
  exitCode: number;
  output: string;
  files: WorkingFile[];
  /** Which repair of the try this is, from 1. */
  repair: number;
  /** What a reviewer asked for, when that is why there is a repair. */
  feedback: Feedback | null;
}

/**
 * Asks the models of the stage for edits and gives the files as they are then. An edit that does not fit is told to the
 * model once. Throws `OUTPUT_INVALID` when it still does not, and whatever a conversation throws.
 */
export async function repairFiles(bench: RepairBench, broken: Broken): Promise<WorkingFile[]> {
  const { one, assignment, stage, models } = bench;
  const data = dataOf(bench, broken);
  const prompt = await renderPrompt(one.desk.ports.isolation, stage.repair, data, broken.feedback);
  one.log.sent({ system: PATCH_SYSTEM, prompt });
  const idempotencyKey = () => digestOf([one.idempotencyKey(), 'repair', broken.repair]);
  const asking = { ...one, idempotencyKey };
  const { output } = await converse(asking, {
    assignment,
    stage: askingStage(stage),
    question: { system: PATCH_SYSTEM, prompt, data },
    models,
    faultsOf: (patch) => applyPatch(broken.files, patch).faults,
  });
  const { files, changed } = applyPatch(broken.files, output);
  one.log.toolCall({
    id: `repair-${broken.repair}`,
    action: 'repair',
    input: output,
    output: { changed },
    error: null,
  });
  one.log.line(one.desk.ports.clock.now(), 'info', `Repair ${broken.repair}: changed ${changed.join(', ')}.`);
  return files;
}

function dataOf({ scope }: RepairBench, { exitCode, output, repair, files, feedback }: Broken): JsonObject {
  const shown = files.flatMap(({ path, content }) => {
    const text = isHidden(path) ? null : textOf(content);
    return text === null ? [] : [{ path, text: cutText(text, SHOWN_BYTES) }];
  });
  const result = { exitCode, output: cutText(output, SHOWN_BYTES), repair, files: shown };
  return { ...promptData(scope, feedback), result };
}

function askingStage({ id, temperature, maxTokens, permissions }: CliLoopStage): AskingStage {
  return { id, output: PATCH_CONTRACT, temperature, maxTokens, tools: [], maxToolCalls: 0, permissions };
}
