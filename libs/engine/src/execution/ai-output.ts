import { jsonFault, OUTPUT_LIMITS } from './json-limits.ts';
import type { AiMessage } from '../ports/ai-provider.ts';
import type { Isolation } from '../ports/isolation.ts';
import type { Json, JsonSchema } from '../vocabulary.ts';

/** An answer and everything that is wrong with it, in words that the model and the reader understand. */
export interface Verdict {
  value: Json;
  faults: string[];
}

const FAULTS_SHOWN = 20;

/** Whether an answer satisfies the contract. Without a contract the text itself is the output. */
export async function judgeAnswer(
  isolation: Isolation,
  contract: JsonSchema | null,
  text: string,
): Promise<Verdict> {
  if (contract === null) return judgeText(text);
  const excess = jsonFault(text, OUTPUT_LIMITS);
  if (excess !== null) return { value: null, faults: [`the answer ${excess}`] };
  const parsed = parse(text);
  if ('fault' in parsed) return { value: null, faults: [parsed.fault] };
  const violations = await isolation.validate(contract, parsed.value);
  const faults = violations.map(({ path, message }) => `${path === '' ? 'the answer' : path} ${message}`);
  return { value: parsed.value, faults };
}

/** What the model is told about an answer that breaks its contract. */
export function repairRequest(faults: string[]): AiMessage {
  const shown = faults.slice(0, FAULTS_SHOWN).map((fault) => `- ${fault}`);
  const more = faults.length > FAULTS_SHOWN ? [`- and ${faults.length - FAULTS_SHOWN} more`] : [];
  const text = [
    'Your answer does not satisfy the schema that was asked for:',
    [...shown, ...more].join('\n'),
    'Answer again with the whole corrected JSON document, and with nothing before or after it.',
  ].join('\n\n');
  return { role: 'user', text };
}

function judgeText(text: string): Verdict {
  if (text.trim() === '') return { value: null, faults: ['the answer is empty'] };
  if (Buffer.byteLength(text) > OUTPUT_LIMITS.bytes) {
    return { value: null, faults: [`the answer must not be larger than ${OUTPUT_LIMITS.bytes} bytes`] };
  }
  return { value: text, faults: [] };
}

function parse(text: string): { value: Json } | { fault: string } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { fault: `the answer is not one JSON document: ${reason}` };
  }
}
