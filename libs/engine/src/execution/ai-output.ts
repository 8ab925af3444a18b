import { parseModelJson } from '../contract/model-json.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import type { AiMessage } from '../ports/ai-provider.ts';
import type { Isolation } from '../ports/isolation.ts';
import type { Json, JsonSchema } from '../vocabulary.ts';

/** An answer and everything that is wrong with it, in words that the model and the reader understand. */
export interface Verdict {
  value: Json;
  faults: string[];
}

/** What an answer may be: UTF-8 bytes, and levels of lists and mappings. */
const OUTPUT_BYTES = 1024 * 1024;
const OUTPUT_DEPTH = 64;
const FAULTS_SHOWN = 20;

/** Whether an answer satisfies the contract. Without a contract the text itself is the output. */
export async function judgeAnswer(
  isolation: Isolation,
  contract: JsonSchema | null,
  text: string,
): Promise<Verdict> {
  if (contract === null) return judgeText(text);
  const parsed = parse(text);
  if ('fault' in parsed) return { value: null, faults: [parsed.fault] };
  const violations = await isolation.validate(contract, parsed.value);
  const faults = violations.map(({ path, message }) => `${path === '' ? 'the answer' : path} ${message}`);
  return { value: parsed.value, faults };
}

/** What the model is told about an answer that breaks its contract, or that satisfies it and cannot be used all the same. */
export function repairRequest(faults: string[], isWhole = false): AiMessage {
  const shown = faults.slice(0, FAULTS_SHOWN).map((fault) => `- ${fault}`);
  const more = faults.length > FAULTS_SHOWN ? [`- and ${faults.length - FAULTS_SHOWN} more`] : [];
  const text = [
    isWhole
      ? 'Your answer satisfies the schema, but it cannot be used:'
      : 'Your answer does not satisfy the schema that was asked for:',
    [...shown, ...more].join('\n'),
    'Answer again with the whole corrected JSON document, and with nothing before or after it.',
  ].join('\n\n');
  return { role: 'user', text };
}

function judgeText(text: string): Verdict {
  if (text.trim() === '') return { value: null, faults: ['the answer is empty'] };
  if (Buffer.byteLength(text) > OUTPUT_BYTES) {
    return { value: null, faults: [`the answer must not be larger than ${OUTPUT_BYTES} bytes`] };
  }
  return { value: text, faults: [] };
}

function parse(text: string): { value: Json } | { fault: string } {
  try {
    return { value: parseModelJson(text, { maxBytes: OUTPUT_BYTES, maxDepth: OUTPUT_DEPTH }) };
  } catch (error) {
    if (!(error instanceof StagewrightError)) throw error;
    const why = error.details?.['why'];
    return { fault: typeof why === 'string' ? `the answer is not one JSON document: ${why}` : error.message };
  }
}
