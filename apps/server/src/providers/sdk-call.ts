import type { AiProvider, AiRequest, AiResult, GenerateOptions } from '@stagewright/engine';

import { checkAnswer } from './answer.ts';
import type { RawAnswer } from './answer.ts';
import { priced } from './prices.ts';
import type { ServiceFacts } from './providers.errors.ts';
import { toProviderFailure } from './sdk-failure.ts';
import { startSilenceTimer } from './silence-timer.ts';

export interface SdkService extends ServiceFacts {
  secrets: string[];
  /** The service may name its models as it likes (deployments, local files). */
  anyModel: boolean;
  /** Milliseconds that the service may stay silent. */
  timeoutMs: number;
  /** Sends the request and gives the whole answer; calls `heard` with every sign of life. */
  ask(request: AiRequest, listener: AnswerListener): Promise<RawAnswer>;
}

export interface AnswerListener {
  signal: AbortSignal;
  /** The service answered, or sent something more. */
  heard(): void;
  onText(delta: string): void;
}

/** What both SDKs have in common: time limit, abort, checks on the answer, errors. */
export function createSdkProvider(service: SdkService): AiProvider {
  return {
    name: service.provider,
    placeholder: false,
    async generate(request: AiRequest, options: GenerateOptions): Promise<AiResult> {
      options.signal.throwIfAborted();
      const timer = startSilenceTimer(options.signal, service.timeoutMs);
      let streaming = false;
      const heard = (): void => {
        streaming = true;
        timer.heard();
      };
      try {
        const answer = await service.ask(request, {
          signal: timer.signal,
          heard,
          onText: (delta) => options.onText?.(delta),
        });
        // The SDKs end a stream quietly when it is aborted: without this a cut answer would look like a short one.
        timer.signal.throwIfAborted();
        const checked = checkAnswer(answer, service.anyModel ? null : request.model, service);
        return {
          ...checked,
          model: answer.model,
          usage: priced(answer.model, answer.inputTokens, answer.outputTokens),
        };
      } catch (error) {
        throw toProviderFailure(error, {
          service,
          secrets: service.secrets,
          caller: options.signal,
          timedOut: timer.expired(),
          streaming,
        });
      } finally {
        timer.stop();
      }
    },
  };
}

/** Makes it when it is first asked for, and once. An SDK is a large part of what a server would load, and most servers use one of them or none. */
export function onFirstCall<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => (value ??= make());
}
