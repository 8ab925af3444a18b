import { describe, expect, it } from '@jest/globals';

import { isSameModel, priced } from './prices.ts';
import { DEFAULT_MODELS } from './provider-settings.ts';
import { retryAfterMs } from './retry-after.ts';

describe('what a call cost', () => {
  it('is counted per million tokens, for a snapshot as for its model', () => {
    expect(priced('claude-sonnet-5-5', 1_000_000, 100_000).usd).toBeCloseTo(3);
    expect(priced('gpt-5.4-2026-03-05', 1_000_000, 0).usd).toBeCloseTo(2.5);
    expect(priced('claude-haiku-4-5-20251001', 0, 1_000_000).usd).toBeCloseTo(5);
  });

  it.each(['llama', '', 'gpt-5.4-pro', 'constructor'])(
    'is unknown for the model "%s", never zero',
    (model) => {
      expect(priced(model, 10, 20)).toEqual({ inputTokens: 10, outputTokens: 20, usd: null });
    },
  );

  it('is known for every default model', () => {
    for (const model of [DEFAULT_MODELS.openai, DEFAULT_MODELS.anthropic])
      expect(priced(model ?? '', 1, 1).usd).not.toBeNull();
  });
});

describe('the model that answered', () => {
  it.each([
    ['gpt-5.4', 'gpt-5.4', true],
    ['gpt-5.4', 'gpt-5.4-2026-03-05', true],
    ['gpt-4', 'gpt-4-0613', true],
    ['claude-opus-4-0', 'claude-opus-4-20250514', true],
    ['gpt-5.4', 'gpt-5.4-nano', false],
    ['gpt-5', 'gpt-5.4', false],
    ['claude-sonnet-5', 'claude-sonnet-5-5', false],
    ['gpt-5.4', '', false],
  ])('asked for %s, %s: %s', (asked, answered, same) => {
    expect(isSameModel(asked, answered)).toBe(same);
  });
});

describe('when to come again', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  it.each<[headers: Record<string, string>, ms: number | undefined]>([
    [{}, undefined],
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': ' 0.5 ' }, 500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Sat, 21 Nov 2026 12:00:10 GMT' }, 10_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after': '9'.repeat(30) }, undefined],
    [{ 'retry-after-ms': '120', 'retry-after': '9' }, 120],
  ])('%j is %s ms', (headers, ms) => {
    expect(retryAfterMs(new Headers(headers), now)).toBe(ms);
  });
});
