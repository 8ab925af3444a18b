import { byContent } from '../run/index.ts';
import { digestOf } from '../template/canonical.ts';
import type { TaskAssignment } from './assignment.ts';
import type { LockedModel } from './ai-models.ts';
import type { Question } from './ai-task.ts';
import type { ActionRegistry } from './ports.ts';
import type { Run } from '../run/run.ts';
import type { AiStage, CliLoopStage, Plan, Scope, SystemStage } from '../template/plan.ts';
import type { Digest, Json, JsonObject, StageId } from '../vocabulary.ts';

/*
 * The digest of everything that goes into a task: equal digests mean that making the task again would ask the same
 * question. Left out on purpose is what decides whether an answer comes, and not which: tries, timeouts, concurrency,
 * the limit of tool calls. Left out as well is what nobody is told: the run's revision, names and descriptions of stages.
 */

/**
 * Of what a model is asked: prompts as rendered, so that data counts as far as the prompt shows it. Remarks of a reviewer
 * are no part of it: an output that took them up stands for the question until the question itself changes.
 */
export function digestOfQuestion(
  actions: ActionRegistry,
  stage: AiStage,
  { question, models }: { question: Question; models: LockedModel[] },
): Digest {
  const tools = stage.tools.map((id) => ({
    ...actionFacts(actions, id),
    description: descriptionOf(actions, id),
  }));
  return digestOf({
    system: question.system,
    prompt: question.prompt,
    models: models.map(({ provider, model }) => [provider.name, model]),
    contract: stage.output,
    temperature: stage.temperature,
    maxTokens: stage.maxTokens,
    tools,
    scopes: tools.length === 0 ? [] : [...stage.permissions].sort(),
  });
}

/** Of a call of an action. Files that the run made count by their bytes, whatever their ids. */
export function digestOfCall(
  actions: ActionRegistry,
  stage: SystemStage,
  run: Run,
  input: JsonObject,
): Digest {
  return digestOf({
    action: stage.uses,
    version: versionOf(actions, stage.uses),
    // What `tool/call` gives depends on the action that it is told to call.
    calls:
      stage.uses === 'tool/call' && typeof input['action'] === 'string'
        ? actionFacts(actions, input['action'])
        : null,
    with: byContent(run, input),
    scopes: [...stage.permissions].sort(),
    placeholder: run.lock.placeholder,
  });
}

/**
 * Of a command and its working files. What a repair prompt will show is not known before the command has run: so all that it
 * could show counts, and so does all that `until` could read.
 */
export function digestOfLoop(
  { plan, run }: Pick<TaskAssignment, 'plan' | 'run'>,
  stage: CliLoopStage,
  given: { args: string[]; files: Digest; models: LockedModel[]; scope: Scope },
): Digest {
  const { inputs, item = null } = given.scope;
  const before = Object.fromEntries(
    stagesBefore(plan, stage.id).map((id) => [id, given.scope.stages[id]!.output]),
  );
  const readsData = stage.repair !== null || stage.until !== null;
  return digestOf({
    command: stage.command,
    args: given.args,
    files: given.files,
    until: stage.until,
    maxIterations: stage.maxIterations,
    repair: stage.repair === null ? null : { source: stage.repair.source, partials: stage.repair.partials },
    data: readsData ? byContent(run, { inputs, before, item }) : null,
    models: given.models.map(({ provider, model }) => [provider.name, model]),
    temperature: stage.temperature,
    maxTokens: stage.maxTokens,
  });
}

/** Every stage that the stage needs, and that those need, in file order. */
function stagesBefore(plan: Plan, stage: StageId): StageId[] {
  const found = new Set<StageId>([stage]);
  for (const { id, needs } of plan.stages.toReversed()) {
    if (found.has(id)) for (const need of needs) found.add(need);
  }
  return plan.stages.flatMap(({ id }) => (id !== stage && found.has(id) ? [id] : []));
}

function actionFacts(actions: ActionRegistry, id: string): JsonObject {
  const facts = actions.action(id);
  return { id, version: versionOf(actions, id), input: facts?.input ?? null, output: facts?.output ?? null };
}

function descriptionOf(actions: ActionRegistry, id: string): Json {
  return actions.action(id)?.description ?? null;
}

/** Version of the plugin that an action belongs to: a new one may give another output for the same input. */
function versionOf(actions: ActionRegistry, action: string): string | null {
  const owner = action.split('/')[0];
  return actions.plugins().find((plugin) => plugin.name === owner)?.version ?? null;
}
