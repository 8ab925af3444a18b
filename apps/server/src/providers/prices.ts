import type { Usage } from '@stagewright/engine';

/** USD for a million tokens. */
interface Price {
  input: number;
  output: number;
}

/**
 * List prices for standard processing of text, USD per million tokens.
 *
 * Sources: the model tables of platform.claude.com (model overview) and developers.openai.com (API pricing), as published
 * in the second half of 2026; collected in November 2026. Left out on purpose: models whose price depends on the length of
 * the prompt, batch, priority and cache discounts. What is not here costs an unknown amount (`usd: null`), never zero.
 */
const PRICES: Record<string, Price> = {
  'claude-fable-5': { input: 10, output: 50 },
  'claude-fable-5-1': { input: 10, output: 50 },
  'claude-opus-5-5': { input: 4, output: 20 },
  'claude-opus-5': { input: 5, output: 25 },
  'claude-opus-4-8': { input: 5, output: 25 },
  'claude-opus-4-7': { input: 5, output: 25 },
  'claude-opus-4-6': { input: 5, output: 25 },
  'claude-opus-4-5': { input: 5, output: 25 },
  'claude-sonnet-5-5': { input: 2, output: 10 },
  'claude-sonnet-5': { input: 2, output: 10 },
  'claude-sonnet-4-6': { input: 3, output: 15 },
  'claude-sonnet-4-5': { input: 3, output: 15 },
  'claude-haiku-4-5': { input: 1, output: 5 },
  'gpt-5.6-sol': { input: 5, output: 30 },
  'gpt-5.6-terra': { input: 2.5, output: 15 },
  'gpt-5.6-luna': { input: 1, output: 6 },
  'gpt-5.5': { input: 5, output: 30 },
  'gpt-5.4': { input: 2.5, output: 15 },
  'gpt-5.4-mini': { input: 0.75, output: 4.5 },
  'gpt-5.4-nano': { input: 0.2, output: 1.25 },
  'gpt-5.1': { input: 1.25, output: 10 },
  'gpt-5': { input: 1.25, output: 10 },
  'gpt-5-mini': { input: 0.25, output: 2 },
  'gpt-4o': { input: 2.5, output: 10 },
  'gpt-4o-mini': { input: 0.15, output: 0.6 },
};

/** Token counts with their price; `usd` is null when the price of the model is not known. */
export function priced(model: string, inputTokens: number, outputTokens: number): Usage {
  const name = [model, model.replace(/-\d{4}-?\d{2}-?\d{2}$/, '')].find((candidate) =>
    Object.hasOwn(PRICES, candidate),
  );
  const price = name === undefined ? undefined : PRICES[name];
  const usd = price ? (inputTokens * price.input + outputTokens * price.output) / 1_000_000 : null;
  return { inputTokens, outputTokens, usd };
}

/** Whether the model that answered is the one that was asked, give or take the date of its snapshot. */
export function isSameModel(asked: string, answered: string): boolean {
  const base = asked.replace(/-(latest|0)$/, '');
  return (
    answered === asked ||
    (answered.startsWith(base) && /^(-\d{4,8}(-\d{2}-\d{2})?)?$/.test(answered.slice(base.length)))
  );
}
