import { StagewrightError } from '../errors/stagewright-error.ts';
import type {
  AiProvider,
  AiRequest,
  AiResult,
  AiRouter,
  AiToolCall,
  GenerateOptions,
} from '../ports/ai-provider.ts';
import type { Json } from '../vocabulary.ts';

/** One answer: text, JSON, tool calls, parts of a result, an error, or what a function makes of the request. */
export type ScriptedAnswer =
  | string
  | { json: Json }
  | { toolCalls: AiToolCall[]; text?: string }
  | { result: Partial<AiResult> }
  | { error: Error }
  /** Answers only when the caller gives up. */
  | { hang: true };

export type AiScript = ScriptedAnswer[] | ((request: AiRequest) => ScriptedAnswer | Promise<ScriptedAnswer>);

/** A provider that says what a test told it to, in order, and remembers what it was asked. */
export class ScriptedAiProvider implements AiProvider {
  readonly name: string;
  readonly placeholder: boolean;
  readonly requests: AiRequest[] = [];
  readonly #script: AiScript;

  constructor(script: AiScript, { name = 'scripted', placeholder = false } = {}) {
    this.#script = script;
    this.name = name;
    this.placeholder = placeholder;
  }

  async generate(request: AiRequest, { signal, onText }: GenerateOptions): Promise<AiResult> {
    signal.throwIfAborted();
    this.requests.push(structuredClone(request));
    const answer = typeof this.#script === 'function' ? await this.#script(request) : this.#script.shift();
    if (answer === undefined) {
      throw new StagewrightError(
        'SCRIPT_EXHAUSTED',
        `${this.name} was asked ${this.requests.length} times; the script is at its end.`,
      );
    }
    if (typeof answer === 'object' && 'hang' in answer) await aborted(signal);
    signal.throwIfAborted();
    const result = resultOf(answer, request.model);
    for (const piece of result.text.match(/[\s\S]{1,16}/g) ?? []) {
      onText?.(piece);
      signal.throwIfAborted();
    }
    return result;
  }
}

/** A router that knows these providers and sends every alias to the first, or to the one of its own name. */
export function scriptedRouter(...providers: AiProvider[]): AiRouter {
  const named = (name: string): AiProvider | undefined =>
    providers.find((provider) => provider.name === name);
  return {
    provider: named,
    resolve: (alias) => {
      const provider = named(alias) ?? providers[0];
      if (provider === undefined) {
        throw new StagewrightError('PROVIDER_NOT_CONFIGURED', `Nothing serves the model alias "${alias}".`);
      }
      return { provider, model: `${alias}-model` };
    },
  };
}

function resultOf(answer: ScriptedAnswer, model: string): AiResult {
  const usage = { inputTokens: 10, outputTokens: 5, usd: 0.01 };
  const base: AiResult = { text: '', toolCalls: [], stopReason: 'end', model, usage };
  if (typeof answer === 'string') return { ...base, text: answer };
  if ('json' in answer) return { ...base, text: JSON.stringify(answer.json) };
  if ('toolCalls' in answer) {
    return { ...base, text: answer.text ?? '', toolCalls: answer.toolCalls, stopReason: 'tool_calls' };
  }
  if ('error' in answer) throw answer.error;
  return 'result' in answer ? { ...base, ...answer.result } : base;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
