import { withFixture } from './test-runner.ts';
import type { Fixture, TestRunner } from './test-runner.ts';
import type { AiProvider, AiRequest, AiResult, AiToolCall } from '../../ports/ai-provider.ts';
import type { ProviderErrorCode } from '../../ports/provider-error.ts';
import type { JsonSchema } from '../../vocabulary.ts';

/** How a service can misbehave. */
export type ServiceFault =
  | { kind: 'status'; status: 401 | 429 | 500; retryAfterSeconds?: number }
  /** The stream ends in the middle of a text. */
  | { kind: 'cut' }
  /** The stream ends in the middle of a tool call's arguments. */
  | { kind: 'half-tool-call'; call: AiToolCall }
  /** The answer does not speak the protocol: broken JSON. */
  | { kind: 'garbage' };

/** A provider, and the strings that a test pulls behind it. */
export interface AiProviderFixture extends Fixture {
  provider: AiProvider;
  model: string;
  /** Makes the service give this text, slowly enough to be aborted half-way. Providers that make their own text ignore it. */
  willAnswer(text: string, options?: { slow: boolean }): void;
  /** Makes the service ask for a tool. Absent for a provider that calls none. */
  willCall?: (call: AiToolCall) => void;
  /** Makes the service misbehave. Absent for a provider without a service. */
  willFail?: (fault: ServiceFault) => void;
}

const CONTRACT: JsonSchema = {
  type: 'object',
  required: ['title'],
  additionalProperties: false,
  properties: { title: { type: 'string', minLength: 3, maxLength: 80 } },
};
const TEXT = JSON.stringify({ title: 'Tea in nine cups, from the leaf to the last infusion' });
const CALL: AiToolCall = {
  id: 'call_1',
  name: 'http__request',
  input: { url: 'https://example.org/a/long/path' },
};

/** What every implementation of the AI provider port does, whatever answers behind it. */
export function aiProviderContract(
  runner: TestRunner,
  name: string,
  make: () => Promise<AiProviderFixture> | AiProviderFixture,
): void {
  const use = withFixture(make);
  runner.describe(`${name} keeps the contract of an AI provider`, () => {
    answers(runner, use);
    aborts(runner, use);
    tools(runner, use);
    faults(runner, use);
  });
}

type Use = ReturnType<typeof withFixture<AiProviderFixture>>;

function answers({ it, expect }: TestRunner, use: Use): void {
  it(
    'answers a contract with JSON that satisfies it, names the model and counts tokens',
    use(async (fixture) => {
      fixture.willAnswer(TEXT);
      const result = await ask(fixture);
      const { title } = JSON.parse(result.text) as { title: string };
      expect(title.length).toBeGreaterThanOrEqual(3);
      expect(result).toMatchObject({ stopReason: 'end', toolCalls: [] });
      expect(result.model).not.toBe('');
      expect(Number.isInteger(result.usage.inputTokens) && result.usage.inputTokens > 0).toBe(true);
      expect(Number.isInteger(result.usage.outputTokens) && result.usage.outputTokens > 0).toBe(true);
      expect(result.usage.usd === null || result.usage.usd >= 0).toBe(true);
    }),
  );

  it(
    'gives the text in pieces, in order, that add up to the answer',
    use(async (fixture) => {
      fixture.willAnswer(TEXT);
      const pieces: string[] = [];
      const result = await ask(fixture, {}, { onText: (piece) => pieces.push(piece) });
      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces.join('')).toBe(result.text);
    }),
  );

  it(
    'answers plain text where there is no contract',
    use(async (fixture) => {
      fixture.willAnswer('Tea is a drink.');
      expect((await ask(fixture, { contract: null })).text).toMatch(/tea/i);
    }),
  );
}

function aborts({ it, expect }: TestRunner, use: Use): void {
  it(
    'does nothing for a caller who has given up already',
    use(async (fixture) => {
      fixture.willAnswer(TEXT);
      const given = new Error('the run was cancelled');
      const pieces: string[] = [];
      const call = ask(
        fixture,
        {},
        { signal: AbortSignal.abort(given), onText: (piece) => pieces.push(piece) },
      );
      await expect(call).rejects.toBe(given);
      expect(pieces).toEqual([]);
    }),
  );

  it(
    'stops in the middle of an answer with the reason of the caller',
    use(async (fixture) => {
      fixture.willAnswer(TEXT, { slow: true });
      const caller = new AbortController();
      const given = new Error('the run was cancelled');
      await expect(
        ask(fixture, {}, { signal: caller.signal, onText: () => caller.abort(given) }),
      ).rejects.toBe(given);
    }),
  );
}

function tools({ it, expect }: TestRunner, use: Use): void {
  it(
    'gives a tool call whole, when the service asks for one',
    use(async (fixture) => {
      if (fixture.willCall === undefined) return expect(fixture.willFail).toBeUndefined();
      fixture.willCall(CALL);
      const result = await ask(fixture, { contract: null, tools: [TOOL] });
      expect(result).toMatchObject({ stopReason: 'tool_calls', toolCalls: [CALL] });
    }),
  );
}

const FAULTS: Array<
  [string, ServiceFault, { code: ProviderErrorCode; retryable: boolean; retryAfterMs?: number }]
> = [
  ['401', { kind: 'status', status: 401 }, { code: 'PROVIDER_AUTH', retryable: false }],
  [
    '429',
    { kind: 'status', status: 429, retryAfterSeconds: 7 },
    { code: 'PROVIDER_RATE_LIMITED', retryable: true, retryAfterMs: 7_000 },
  ],
  ['500', { kind: 'status', status: 500 }, { code: 'PROVIDER_UNAVAILABLE', retryable: true }],
  ['a cut stream', { kind: 'cut' }, { code: 'STREAM_TRUNCATED', retryable: true }],
  ['half a tool call', { kind: 'half-tool-call', call: CALL }, { code: 'STREAM_TRUNCATED', retryable: true }],
  ['broken JSON', { kind: 'garbage' }, { code: 'PROVIDER_PROTOCOL', retryable: true }],
];

/** A provider without a service has nothing that could fail; it says so by leaving `willFail` out. */
function faults({ it, expect }: TestRunner, use: Use): void {
  for (const [what, fault, expected] of FAULTS) {
    it(
      `says in its error what happened: ${what}`,
      use(async (fixture) => {
        if (fixture.willFail === undefined) return expect(fixture.willCall).toBeUndefined();
        fixture.willFail(fault);
        await expect(ask(fixture, { contract: null, tools: [TOOL] })).rejects.toMatchObject(expected);
      }),
    );
  }
}

const TOOL = {
  name: CALL.name,
  description: 'Asks a web server.',
  input: {
    type: 'object',
    required: ['url'],
    properties: { url: { type: 'string' } },
    additionalProperties: false,
  },
};

interface AskOptions {
  signal?: AbortSignal;
  onText?: (piece: string) => void;
}

function ask(
  fixture: AiProviderFixture,
  changes: Partial<AiRequest> = {},
  options: AskOptions = {},
): Promise<AiResult> {
  const request: AiRequest = {
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
  return fixture.provider.generate(request, { signal: new AbortController().signal, ...options });
}
