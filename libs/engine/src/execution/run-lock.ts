import { modelsNotLocked } from './execution.errors.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import { renderText } from '../expression/index.ts';
import { commandErrors } from '../ports/command.errors.ts';
import type { EnginePorts } from './ports.ts';
import type { AiStage, CliLoopStage, Plan, PlannedStage } from '../template/plan.ts';
import type { Revision, RunLock } from '../vocabulary.ts';

/**
 * Freezes what a run works with: files, plugin versions, and the models that its aliases mean now. Throws
 * `PROVIDER_NOT_CONFIGURED` when nothing serves any alias of a stage, and `CLI_NOT_ALLOWED` for a command that the operator
 * does not allow: before anything is paid for.
 */
export function freezeLock(
  plan: Plan,
  revision: Revision,
  ports: Pick<EnginePorts, 'ai' | 'actions' | 'commands'>,
): RunLock {
  const models: RunLock['models'] = {};
  let placeholder = false;
  for (const stage of plan.stages) {
    if (stage.mode === 'cli_loop') admitCommand(stage, ports);
    if (!asksModel(stage)) continue;
    for (const [alias, served] of servedBy(stage, ports)) {
      models[alias] = { provider: served.provider, model: served.model };
      placeholder ||= served.placeholder;
    }
  }
  return { revision, files: { ...plan.files }, plugins: pluginsOf(plan, ports), models, placeholder };
}

type Asking = Pick<AiStage, 'id' | 'models'>;

/** A loop without a repair asks no model. */
function asksModel(stage: PlannedStage): stage is PlannedStage & Asking {
  return stage.mode === 'ai' || (stage.mode === 'cli_loop' && stage.repair !== null);
}

/** The command and, where the template fixes it, its first argument. */
function admitCommand(stage: CliLoopStage, { commands }: Pick<EnginePorts, 'commands'>): void {
  if (commands === undefined) throw commandErrors.notAllowed(stage.command);
  const [first] = stage.args;
  if (first === undefined) commands.admit(stage.command, null);
  else if (first.kind === 'literal') commands.admit(stage.command, renderText(first.value));
  else commands.admit(stage.command);
}

type Served = { provider: string; model: string; placeholder: boolean };

/** An alias that nothing serves is left out as long as the stage names another one that is served. */
function servedBy(stage: Asking, { ai }: Pick<EnginePorts, 'ai'>): Map<string, Served> {
  const served = new Map<string, Served>();
  let reason: unknown = modelsNotLocked(stage.id);
  for (const alias of stage.models) {
    try {
      const { provider, model } = ai.resolve(alias);
      served.set(alias, { provider: provider.name, model, placeholder: provider.placeholder });
    } catch (error) {
      if (!(error instanceof StagewrightError)) throw error;
      reason = error;
    }
  }
  if (served.size === 0) throw reason;
  return served;
}

function pluginsOf(plan: Plan, { actions }: Pick<EnginePorts, 'actions'>): Record<string, string> {
  const used = new Set<string>();
  for (const stage of plan.stages) {
    if (stage.mode === 'system') used.add(stage.uses);
    if (stage.mode === 'ai') for (const tool of stage.tools) used.add(tool);
  }
  for (const action of plan.onComplete) used.add(action.uses);
  const owners = new Set([...used].map((action) => action.split('/')[0]));
  const versions = actions.plugins().filter((plugin) => owners.has(plugin.name));
  return Object.fromEntries(versions.map((plugin) => [plugin.name, plugin.version]));
}
