import { setTimeout as sleep } from 'node:timers/promises';

import { digestOf, validateTrusted } from '@stagewright/engine';
import type {
  AiProvider,
  AiRequest,
  AiResult,
  ContractViolation,
  GenerateOptions,
  Json,
  JsonSchema,
} from '@stagewright/engine';

import { fillContract } from './fill-contract.ts';
import { longText } from './prose.ts';
import { createRandom } from './random.ts';
import { readTheme } from './theme.ts';

export interface OfflineOptions {
  /** Milliseconds that one answer takes in all, spread over its pieces. Default 0. */
  delayMs?: number;
  /** How an answer is checked against its contract. Default: the engine's validator, in this process. */
  validate?: (schema: JsonSchema, value: Json) => ContractViolation[];
}

export const OFFLINE_MODEL = 'placeholder';

const PIECES = 24;
/** English text has about four characters to a token. */
const CHARACTERS_PER_TOKEN = 4;

/**
 * Makes up an answer without a model or a network: plausible text about the subject of the prompt that satisfies the
 * contract. The same request always gets the same answer. Calls no tools. Throws `OFFLINE_CONTRACT_UNSUPPORTED`.
 */
export function createOfflineProvider(options: OfflineOptions = {}): AiProvider {
  const validate = options.validate ?? validateTrusted;
  return {
    name: 'offline',
    placeholder: true,
    async generate(request: AiRequest, { signal, onText }: GenerateOptions): Promise<AiResult> {
      signal.throwIfAborted();
      const text = write(request, validate);
      const pieces = inPieces(text);
      for (const piece of pieces) {
        if (options.delayMs) await pause(options.delayMs / pieces.length, signal);
        onText?.(piece);
      }
      return { text, toolCalls: [], stopReason: 'end', model: request.model, usage: estimate(request, text) };
    },
  };
}

/** Waits, and fails with the reason of the caller who gives up in between. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}

function write(
  request: AiRequest,
  validate: (schema: JsonSchema, value: Json) => ContractViolation[],
): string {
  const theme = readTheme(request);
  const random = createRandom(seedOf(request));
  if (request.contract === null) return longText(theme, random, false);
  return JSON.stringify(fillContract(request.contract, theme, random, validate), null, 2);
}

/** Everything that the text depends on; not the run and the idempotency key, which differ from run to run. */
function seedOf(request: AiRequest): string {
  const { model, system, messages, contract } = request;
  const subject = { ...request.subject, run: null };
  const facts = { model, system, messages, contract, subject };
  return digestOf(JSON.parse(JSON.stringify(facts)) as Json);
}

function inPieces(text: string): string[] {
  const points = [...text];
  const size = Math.max(8, Math.ceil(points.length / PIECES));
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) =>
    points.slice(index * size, (index + 1) * size).join(''),
  );
}

function estimate(request: AiRequest, text: string): AiResult['usage'] {
  const sent = [
    request.system ?? '',
    ...request.messages.map((message) => (message.role === 'tool' ? message.content : message.text)),
  ];
  const tokens = (characters: number): number => Math.ceil(characters / CHARACTERS_PER_TOKEN);
  return { inputTokens: tokens(sent.join('').length), outputTokens: tokens(text.length), usd: 0 };
}
