import type { describe, expect, it } from '@jest/globals';
import type { AiProvider, AiRequest, JsonSchema } from '@stagewright/engine';

/** The functions of the test runner: this file must load without one. */
export interface TestRunner {
  describe: typeof describe;
  it: typeof it;
  expect: typeof expect;
}

export interface ProviderFixture {
  provider: AiProvider;
  model: string;
  /** Makes the service give this text, slowly enough to be aborted half-way. Providers that make their own text ignore it. */
  willAnswer(text: string, options?: { slow: boolean }): void;
  close?(): Promise<void>;
}

const CONTRACT: JsonSchema = {
  type: 'object',
  required: ['title'],
  additionalProperties: false,
  properties: { title: { type: 'string', minLength: 3, maxLength: 80 } },
};
const TEXT = JSON.stringify({ title: 'Tea in nine cups, from the leaf to the last infusion' });

function ask(fixture: ProviderFixture, changes: Partial<AiRequest> = {}): AiRequest {
  return {
    model: fixture.model,
    system: 'You write titles.',
    messages: [{ role: 'user', text: 'A title for a book about tea.' }],
    contract: CONTRACT,
    temperature: null,
    maxTokens: null,
    tools: [],
    idempotencyKey: 'run-1/title/1',
    subject: { inputs: { topic: 'Tea' } },
    ...changes,
  };
}

const STAYS = new AbortController().signal;

/** What every implementation of the AI provider port does, whatever answers behind it. */
export function aiProviderContract(
  runner: TestRunner,
  name: string,
  make: () => Promise<ProviderFixture>,
): void {
  const use: Use = async (story) => {
    const fixture = await make();
    try {
      await story(fixture);
    } finally {
      await fixture.close?.();
    }
  };
  runner.describe(`${name} keeps the contract of an AI provider`, () => {
    answers(runner, use);
    stops(runner, use);
  });
}

type Use = (story: (fixture: ProviderFixture) => Promise<void>) => Promise<void>;

function answers({ it, expect }: TestRunner, use: Use): void {
  it('answers a contract with JSON that satisfies it, names the model and counts tokens', () =>
    use(async (fixture) => {
      fixture.willAnswer(TEXT);
      const result = await fixture.provider.generate(ask(fixture), { signal: STAYS });
      const { title } = JSON.parse(result.text) as { title: string };
      expect(title.length).toBeGreaterThanOrEqual(3);
      expect(result).toMatchObject({ stopReason: 'end', toolCalls: [] });
      expect(result.model).not.toBe('');
      expect(Number.isInteger(result.usage.inputTokens) && result.usage.inputTokens > 0).toBe(true);
      expect(Number.isInteger(result.usage.outputTokens) && result.usage.outputTokens > 0).toBe(true);
      expect(result.usage.usd === null || result.usage.usd >= 0).toBe(true);
    }));

  it('gives the text in pieces, in order, that add up to the answer', () =>
    use(async (fixture) => {
      fixture.willAnswer(TEXT);
      const pieces: string[] = [];
      const result = await fixture.provider.generate(ask(fixture), {
        signal: STAYS,
        onText: (piece) => pieces.push(piece),
      });
      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces.join('')).toBe(result.text);
    }));

  it('answers plain text where there is no contract', () =>
    use(async (fixture) => {
      fixture.willAnswer('Tea is a drink.');
      const result = await fixture.provider.generate(ask(fixture, { contract: null }), { signal: STAYS });
      expect(result.text).toMatch(/tea/i);
    }));
}

function stops({ it, expect }: TestRunner, use: Use): void {
  it('does nothing for a caller who has given up already', () =>
    use(async (fixture) => {
      fixture.willAnswer(TEXT);
      const given = new Error('the run was cancelled');
      const pieces: string[] = [];
      const call = fixture.provider.generate(ask(fixture), {
        signal: AbortSignal.abort(given),
        onText: (piece) => pieces.push(piece),
      });
      await expect(call).rejects.toBe(given);
      expect(pieces).toEqual([]);
    }));

  it('stops in the middle of an answer with the reason of the caller', () =>
    use(async (fixture) => {
      fixture.willAnswer(TEXT, { slow: true });
      const caller = new AbortController();
      const given = new Error('the run was cancelled');
      const call = fixture.provider.generate(ask(fixture), {
        signal: caller.signal,
        onText: () => caller.abort(given),
      });
      await expect(call).rejects.toBe(given);
    }));
}
