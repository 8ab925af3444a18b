import { modelsNotLocked, providerGone } from './execution.errors.ts';
import { ProviderError } from '../ports/provider-error.ts';
import { toFailure } from '../errors/stagewright-error.ts';
import type { AiProvider, AiRequest, AiResult, AiRouter } from '../ports/ai-provider.ts';
import type { AiStage } from '../template/plan.ts';
import type { Json, RunLock } from '../vocabulary.ts';
import type { Try } from './task.ts';

/** A model alias as the run's lock froze it. */
export interface LockedModel {
  alias: string;
  provider: AiProvider;
  model: string;
}

/**
 * The models of a stage in order of preference, as the lock names them: what the aliases mean today does not matter.
 * Throws `PROVIDER_NOT_CONFIGURED` when a provider that the lock names is gone.
 */
export function lockedModels(
  ai: AiRouter,
  lock: RunLock,
  stage: Pick<AiStage, 'id' | 'models'>,
): LockedModel[] {
  const models = stage.models.flatMap((alias) => {
    const locked = lock.models[alias];
    if (locked === undefined) return [];
    const provider = ai.provider(locked.provider);
    if (provider === undefined) throw providerGone(alias, locked.provider);
    return [{ alias, provider, model: locked.model }];
  });
  if (models.length === 0) throw modelsNotLocked(stage.id);
  return models;
}

/**
 * Asks the first model, and the next one only when the service of the first failed in a way that another try could mend.
 * Throws the failure of the preferred model, with what the others said in its details.
 */
export async function generateByPreference(
  one: Try,
  models: LockedModel[],
  request: (model: LockedModel) => AiRequest,
): Promise<{ result: AiResult; from: LockedModel }> {
  const failures: Array<{ error: ProviderError; from: LockedModel }> = [];
  for (const from of models) {
    one.log.answeredBy(from.provider.name, from.model);
    try {
      const result = await from.provider.generate(request(from), { signal: one.signal });
      one.log.answeredBy(from.provider.name, result.model);
      one.log.used(result.usage);
      return { result, from };
    } catch (error) {
      if (one.signal.aborted || !(error instanceof ProviderError) || !error.retryable) throw error;
      failures.push({ error, from });
      one.log.line(
        one.desk.ports.clock.now(),
        'warn',
        `${from.provider.name} ${from.model}: ${error.code} ${error.message}`,
      );
    }
  }
  throw allFailed(failures);
}

function allFailed(failures: Array<{ error: ProviderError; from: LockedModel }>): unknown {
  const first = failures[0]?.error;
  if (first === undefined || failures.length === 1) return first;
  const tried: Json = failures.map(({ error, from }) => ({
    provider: from.provider.name,
    model: from.model,
    code: error.code,
    message: error.message,
  }));
  const { hint, retryable, details } = toFailure(first);
  // The next try asks all of them again: it need not wait for the slowest.
  const waits = failures.map(({ error }) => error.retryAfterMs ?? 0);
  const retryAfterMs = Math.min(...waits);
  return new ProviderError(first.code as ConstructorParameters<typeof ProviderError>[0], first.message, {
    retryable,
    cause: first,
    details: { ...details, tried },
    ...(hint === undefined ? {} : { hint }),
    ...(retryAfterMs > 0 ? { retryAfterMs } : {}),
  });
}
