import { loopErrors } from './cli-loop.errors.ts';
import { commandArguments } from './command-arguments.ts';
import { repairFiles } from './repair.ts';
import { filesOfOutput, keepFiles } from './result-files.ts';
import { checkTogether, workingFiles } from './working-files.ts';
import { lockedModels } from '../ai-models.ts';
import { cutText } from '../bounds.ts';
import { feedbackFor, taskScope } from '../prompt-data.ts';
import { digestOfLoop } from '../input-digest.ts';
import { reusedResult } from '../reuse.ts';
import { evaluate } from '../../expression/index.ts';
import { commandErrors } from '../../ports/command.errors.ts';
import { digestOf } from '../../template/canonical.ts';
import { isHidden } from '../../template/working-path.ts';
import type { ArtifactShelf } from './working-files.ts';
import type { EnginePorts } from '../ports.ts';
import type { RepairBench } from './repair.ts';
import type { TaskAssignment } from '../assignment.ts';
import type { Feedback } from '../prompt-data.ts';
import type { TaskResult, Try } from '../task.ts';
import type { CommandOutcome, CommandRunner, WorkingFile } from '../../ports/command-runner.ts';
import type { CliLoopStage, Scope } from '../../template/plan.ts';
import type { Digest, Json } from '../../vocabulary.ts';

/** What the output of a stage keeps of what the command printed, in UTF-8 bytes. */
const OUTPUT_BYTES = 64 * 1024;

/** One try at a loop. */
interface Loop {
  one: Try;
  assignment: TaskAssignment;
  stage: CliLoopStage;
  scope: Scope;
  runner: CommandRunner;
  args: string[];
  /** Null when the stage has no repair prompt. */
  repair: RepairBench | null;
}

/**
 * Runs the command over the working files until it passes, and has a model mend them in between. After a crash the loop
 * begins anew. Throws `CLI_LOOP_GAVE_UP`, `CLI_ARG_FORBIDDEN`, `CLI_FILE_INVALID`, and what the runner and the models throw.
 */
export async function runCliLoop(
  one: Try,
  assignment: TaskAssignment,
  stage: CliLoopStage,
): Promise<TaskResult> {
  const { ports } = one.desk;
  const { commands: runner } = ports;
  if (runner === undefined) throw commandErrors.notAllowed(stage.command);
  const shelf = { artifacts: ports.artifacts, workspace: assignment.workspace };
  const { scope, args, files, models, inputDigest } = await inputsOfLoop(ports, assignment, stage);
  one.log.inputDigest = inputDigest;
  const feedback = feedbackFor(assignment);
  one.log.sent({ command: stage.command, args, files: files.map(({ path }) => path) });
  const reused = feedback === null ? reusedResult(one, assignment, inputDigest) : null;
  if (reused !== null) return reused;
  const repair =
    stage.repair === null
      ? null
      : { one, assignment, stage: { ...stage, repair: stage.repair }, scope, models };
  const loop: Loop = { one, assignment, stage, scope, runner, args, repair };
  const begun = await takeUpRemarks(loop, { files, feedback, inputDigest, shelf });
  const { outcome, iterations } = await runUntilItPasses(loop, begun);
  const kept = await keepFiles(ports, assignment, outcome.files);
  const output = {
    passed: true,
    iterations,
    exitCode: outcome.exitCode,
    output: cutText(outcome.output, OUTPUT_BYTES),
    files: kept as unknown as Json,
  };
  return { output, artifacts: kept.map(({ path: _path, ...ref }) => ref), inputDigest, reused: false };
}

/** Everything that a loop begins with, and its digest. Throws what reading files and models throws. */
export async function inputsOfLoop(
  ports: Pick<EnginePorts, 'artifacts' | 'ai'>,
  assignment: TaskAssignment,
  stage: CliLoopStage,
) {
  const scope = taskScope(assignment);
  const args = commandArguments(stage, scope);
  const shelf = { artifacts: ports.artifacts, workspace: assignment.workspace };
  const files = await workingFiles(stage.files, scope, shelf);
  const models = stage.repair === null ? [] : lockedModels(ports.ai, assignment.run.lock, stage);
  const inputDigest = digestOfLoop(assignment, stage, { args, files: digestOfFiles(files), models, scope });
  return { scope, args, files, models, inputDigest };
}

interface Beginning {
  files: WorkingFile[];
  repairs: number;
}

/**
 * A round that a reviewer asked for begins with a repair of what the round before gave: its files pass already, and
 * running the command alone would leave the remarks aside.
 */
async function takeUpRemarks(
  { assignment: { task }, repair }: Loop,
  given: { files: WorkingFile[]; feedback: Feedback | null; inputDigest: Digest; shelf: ArtifactShelf },
): Promise<Beginning> {
  const { files: now, feedback, inputDigest, shelf } = given;
  if (feedback === null || repair === null || task.last === null) return { files: now, repairs: 0 };
  const broken = { exitCode: 0, output: '', files: now, repair: 1, feedback };
  // Of a round that worked on something else, only the remarks are of use.
  if (task.last.inputDigest === inputDigest) {
    const { exitCode, output } = task.last.output as { exitCode: number; output: string };
    Object.assign(broken, { exitCode, output, files: await filesOfOutput(task.last.output, now, shelf) });
  }
  return { files: await repairFiles(repair, broken), repairs: 1 };
}

async function runUntilItPasses(
  loop: Loop,
  beginning: Beginning,
): Promise<{ outcome: CommandOutcome; iterations: number }> {
  const { stage, repair } = loop;
  let { files, repairs } = beginning;
  for (let iteration = 1; ; iteration += 1) {
    const outcome = await runOnce(loop, files, iteration);
    const why = whyNot(loop, outcome);
    if (why === null) return { outcome, iterations: iteration };
    if (iteration >= stage.maxIterations)
      throw loopErrors.gaveUp(stage.command, iteration, { last: outcome, why });
    if (repair === null && digestOfFiles(files) === digestOfFiles(outcome.files)) {
      const again = `${why}, and another run would find the same files`;
      throw loopErrors.gaveUp(stage.command, iteration, { last: outcome, why: again });
    }
    if (repair === null) files = outcome.files;
    else files = await repairFiles(repair, { ...outcome, repair: (repairs += 1), feedback: null });
    checkTogether(files);
  }
}

/** One run of the command. The hidden files are always those of the template. */
async function runOnce(loop: Loop, files: WorkingFile[], iteration: number): Promise<CommandOutcome> {
  const { one, assignment, stage, runner, args } = loop;
  const { run, task, attempt } = assignment;
  one.signal.throwIfAborted();
  const origin = { run: run.id, stage: stage.id, task: task.id, attempt, iteration };
  const { command } = stage;
  const outcome = await runner.run({ command, args, files, origin, signal: one.signal });
  const { exitCode, output } = outcome;
  one.log.toolCall({
    id: `run-${iteration}`,
    action: command,
    input: { args },
    output: { exitCode, output },
    error: null,
  });
  const message = `Run ${iteration} of at most ${stage.maxIterations}: ${command} exited with ${exitCode}.`;
  one.log.line(one.desk.ports.clock.now(), 'info', message);
  return { ...outcome, files: [...files.filter(({ path }) => isHidden(path)), ...outcome.files] };
}

/** Why a run does not count as passed; null when it does. */
function whyNot({ stage, scope }: Loop, { exitCode, output }: CommandOutcome): string | null {
  if (exitCode !== 0) return `it exited with ${exitCode}`;
  if (stage.until === null) return null;
  const holds = evaluate(stage.until, { ...scope, result: { exitCode, output } });
  return holds === true ? null : `\`until: ${stage.until}\` was not true`;
}

/** Of their paths and bytes, in any order. */
function digestOfFiles(files: readonly WorkingFile[]): Digest {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return digestOf(sorted.map(({ path, content }) => [path, digestOf(content)]));
}
