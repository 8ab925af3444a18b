import { describe, expect, it } from '@jest/globals';
import { resolveInputs, validateTrusted } from '@stagewright/engine';
import type {
  ActionContext,
  EgressRequest,
  EgressResponse,
  Json,
  JsonObject,
} from '@stagewright/engine/plugin';
import { http } from './index.ts';

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** The services that the examples call. */
const SERVICES: Record<string, Answer> = {
  'GET https://api.example.org/teas/oolong': {
    status: 200,
    headers: JSON_HEADERS,
    body: '{"name":"Oolong","grams":5}',
  },
  'HEAD https://api.example.org/teas/none': { status: 404, headers: JSON_HEADERS },
  'POST https://hooks.example.org/books': { status: 202, headers: JSON_HEADERS, body: '{"accepted":true}' },
  'PUT https://hooks.example.org/notes/7': { status: 202 },
  'POST https://hooks.example.org/gone': { status: 410 },
};

/** Runs an action as the engine does: defaults filled in, input and output held to their contracts. */
function bench(answer: (request: EgressRequest) => Answer) {
  const sent: EgressRequest[] = [];
  const fetch = (request: EgressRequest): Promise<EgressResponse> => {
    sent.push(request);
    const { status, headers = {}, body = '' } = answer(request);
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    return Promise.resolve({
      status,
      headers,
      body: bytes,
      json: () => JSON.parse(new TextDecoder().decode(bytes)) as Json,
    });
  };
  const run = async (id: string, given: JsonObject, more: object = { fetch }): Promise<JsonObject> => {
    const action = http.actions.find((one) => one.id === id)!;
    const input = resolveInputs(action.input, given);
    expect(validateTrusted(action.input, input)).toEqual([]);
    const context = {
      idempotencyKey: 'sha256:key',
      signal: new AbortController().signal,
      ...more,
    } as ActionContext;
    const output = await action.run(input, context);
    expect(validateTrusted(action.output, output)).toEqual([]);
    return output as JsonObject;
  };
  return { run, sent };
}

const always = (answer: Answer) => bench(() => answer);
const url = 'https://api.example.org/private/path?token=abc';

describe('examples', () => {
  const examples = http.actions.flatMap((action) =>
    action.examples.map((example) => ({ id: action.id, example })),
  );

  it.each(examples)('$id: $example.title', async ({ id, example }) => {
    const { run } = bench(({ method, url: asked }) => SERVICES[`${method} ${asked}`] ?? { status: 404 });
    if ('error' in example.expect)
      await expect(run(id, example.with)).rejects.toMatchObject({ code: example.expect.error });
    else expect(await run(id, example.with)).toMatchObject(example.expect.output as object);
  });
});

describe('scopes', () => {
  it('to read and to write are two, and reading has no method that writes', () => {
    const facts = Object.fromEntries(
      http.actions.map(({ id, scopes, idempotency }) => [id, { scopes, idempotency }]),
    );
    expect(facts).toEqual({
      'http/get': { scopes: ['http:read'], idempotency: 'natural' },
      'http/request': { scopes: ['http:write'], idempotency: 'key' },
    });
    const [get] = http.actions;
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'get', 'CONNECT'])
      expect(validateTrusted(get!.input, { url, method })).not.toEqual([]);
  });

  it.each<[string, JsonObject]>([
    ['H09: a second address', { url, uri: 'http://127.0.0.1/' }],
    ['no address', {}],
    ['an address that is no text', { url: { href: url } }],
    ['a header that is no text', { url, headers: { a: 1 } }],
    ['a time without a unit', { url, timeout: '15' }],
    ['a time that is too long', { url, timeout: '31s' }],
    ['no time', { url, timeout: '0s' }],
    ['a status that is none', { url, expectStatus: [42] }],
  ])('%s breaks the contract', (_what, input) => {
    for (const action of http.actions) expect(validateTrusted(action.input, input)).not.toEqual([]);
  });
});

describe('what is sent', () => {
  it.each<[string, JsonObject, Partial<EgressRequest>]>([
    [
      'a value as JSON',
      { body: { a: [1, null] } },
      {
        method: 'POST',
        body: '{"a":[1,null]}',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'sha256:key' },
      },
    ],
    ['null as JSON', { body: null }, { body: 'null' }],
    [
      'a text as it is',
      { body: 'Tea' },
      {
        body: 'Tea',
        headers: { 'content-type': 'text/plain; charset=utf-8', 'idempotency-key': 'sha256:key' },
      },
    ],
    [
      'a media type of its own',
      { body: 'a=b', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      { headers: { 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': 'sha256:key' } },
    ],
    [
      'no body when there is none',
      { method: 'DELETE' },
      { method: 'DELETE', headers: { 'idempotency-key': 'sha256:key' } },
    ],
    ['no key where nothing changes', { method: 'GET' }, { method: 'GET', headers: {} }],
    ['seconds as milliseconds', { timeout: '30s' }, { timeoutMs: 30_000 }],
    ['milliseconds as they are', { timeout: '250ms' }, { timeoutMs: 250 }],
    ['fifteen seconds by default', {}, { timeoutMs: 15_000 }],
  ])('%s', async (_what, input, request) => {
    const { run, sent } = always({ status: 200 });
    await run('http/request', { url, ...input });
    expect(sent).toEqual([expect.objectContaining({ url, ...request })]);
    if (!('body' in input)) expect(sent[0]).not.toHaveProperty('body');
  });

  it.each([[{ 'Idempotency-Key': 'mine' }], [{ A: '1', a: '2' }]])('never %j', async (headers) => {
    const { run, sent } = always({ status: 200 });
    await expect(run('http/request', { url, headers })).rejects.toMatchObject({ code: 'HEADER_INVALID' });
    expect(sent).toEqual([]);
  });

  it('nothing at all without a network', async () => {
    await expect(always({ status: 200 }).run('http/get', { url }, {})).rejects.toMatchObject({
      code: 'HTTP_NO_NETWORK',
    });
  });
});

describe('what comes back', () => {
  it.each<[string, string | undefined, string | Uint8Array, Json]>([
    ['JSON', 'application/json', '{"a":1}', { a: 1 }],
    ['JSON of a kind', 'application/problem+json; charset=UTF-8', '[1]', [1]],
    ['text', 'text/plain', 'ok', 'ok'],
    ['text in another encoding', 'text/plain; charset=iso-8859-1', new Uint8Array([0x54, 0xe9]), 'Té'],
    ['XML', 'application/atom+xml', '<a/>', '<a/>'],
    ['what claims to be JSON', 'application/json', 'ok', 'ok'],
    ['bytes', 'image/png', new Uint8Array([1]), null],
    ['text that is none', 'text/plain', new Uint8Array([0xff]), null],
    ['text in an unknown encoding', 'text/plain; charset=klingon', 'x', null],
    ['bytes without a type', undefined, 'x', null],
    ['nothing', 'application/json', '', null],
  ])('%s', async (_what, type, body, value) => {
    const { run } = always({
      status: 200,
      headers: { ...(type && { 'content-type': type }), 'set-cookie': 'a=b', etag: '"1"' },
      body,
    });
    const output = await run('http/get', { url });
    expect(output).toMatchObject({ status: 200, body: value, bytes: body.length });
    expect(output['headers']).toMatchObject({ etag: '"1"' });
    expect(output['headers']).not.toHaveProperty('set-cookie');
  });
});

describe('a status that is no success', () => {
  const date = 'Sat, 21 Nov 2026 12:00:00 GMT';
  it.each<[number, string, { retryable: boolean; retryAfterMs?: number }, Record<string, string>]>([
    [304, 'HTTP_UNEXPECTED', { retryable: false }, {}],
    [400, 'HTTP_REFUSED', { retryable: false }, {}],
    [401, 'HTTP_REFUSED', { retryable: false }, {}],
    [404, 'HTTP_REFUSED', { retryable: false }, {}],
    [408, 'HTTP_UNAVAILABLE', { retryable: true }, {}],
    [409, 'HTTP_REFUSED', { retryable: false }, {}],
    [410, 'HTTP_GONE', { retryable: false }, {}],
    [422, 'HTTP_REFUSED', { retryable: false }, { 'retry-after': '5' }],
    [425, 'HTTP_UNAVAILABLE', { retryable: true }, {}],
    [429, 'HTTP_RATE_LIMITED', { retryable: true }, {}],
    [429, 'HTTP_RATE_LIMITED', { retryable: true, retryAfterMs: 7_000 }, { 'retry-after': '7' }],
    [
      429,
      'HTTP_RATE_LIMITED',
      { retryable: true, retryAfterMs: 30_000 },
      { 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT', date },
    ],
    [
      429,
      'HTTP_RATE_LIMITED',
      { retryable: true, retryAfterMs: 0 },
      { 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT', date },
    ],
    [429, 'HTTP_RATE_LIMITED', { retryable: true }, { 'retry-after': 'soon', date }],
    [500, 'HTTP_UNAVAILABLE', { retryable: true }, {}],
    [503, 'HTTP_UNAVAILABLE', { retryable: true, retryAfterMs: 1_000 }, { 'retry-after': '1' }],
  ])('%i is %s, %j, under %j', async (status, code, again, headers) => {
    const { run } = always({
      status,
      headers: { 'content-type': 'text/plain', ...headers },
      body: 'no\n tea',
    });
    const error = (await run('http/request', { url }).catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ code, ...again, details: { status, said: 'no tea' } });
    expect(error.message).toContain(`https://api.example.org answered ${status}`);
    expect(error.message).not.toMatch(/private|token/);
  });

  it('is what the template says, not what others take for one', async () => {
    expect(await always({ status: 404 }).run('http/get', { url, expectStatus: [404] })).toMatchObject({
      status: 404,
    });
    await expect(always({ status: 200 }).run('http/get', { url, expectStatus: [404] })).rejects.toMatchObject(
      { code: 'HTTP_UNEXPECTED' },
    );
  });

  it('keeps the beginning of a long answer', async () => {
    const { run } = always({
      status: 400,
      headers: { 'content-type': 'text/html' },
      body: 'x'.repeat(5_000),
    });
    await expect(run('http/get', { url })).rejects.toMatchObject({
      details: { said: `${'x'.repeat(300)}…` },
    });
  });
});
