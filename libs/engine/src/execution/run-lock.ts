import { modelsNotLocked } from './execution.errors.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import type { EnginePorts } from './ports.ts';
import type { AiStage, Plan } from '../template/plan.ts';
import type { Revision, RunLock } from '../vocabulary.ts';

/**
 * Freezes what a run works with: files, plugin versions, and the models that its aliases mean now. Throws
 * `PROVIDER_NOT_CONFIGURED` when nothing serves any alias of a stage.
 */
export function freezeLock(
  plan: Plan,
  revision: Revision,
  ports: Pick<EnginePorts, 'ai' | 'actions'>,
): RunLock {
  const models: RunLock['models'] = {};
  let placeholder = false;
  for (const stage of plan.stages) {
    if (stage.mode !== 'ai') continue;
    for (const [alias, served] of servedBy(stage, ports)) {
      models[alias] = { provider: served.provider, model: served.model };
      placeholder ||= served.placeholder;
    }
  }
  return { revision, files: { ...plan.files }, plugins: pluginsOf(plan, ports), models, placeholder };
}

type Served = { provider: string; model: string; placeholder: boolean };

/** An alias that nothing serves is left out as long as the stage names another one that is served. */
function servedBy(stage: AiStage, { ai }: Pick<EnginePorts, 'ai'>): Map<string, Served> {
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
