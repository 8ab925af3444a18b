import type { ActionContext, EgressRequest, Json, JsonObject } from '@stagewright/engine/plugin';
import { readAnswer } from './answer.ts';
import { httpErrors } from './http.errors.ts';
import { refusal } from './refusal.ts';

/** Header that carries the key; the action alone sets it. */
const KEY_HEADER = 'idempotency-key';

/**
 * One request and its answer. Throws an `HTTP_*` error for a status that is not a success, and whatever the way out
 * refuses or gives up on.
 */
export async function exchange(input: JsonObject, context: ActionContext): Promise<Json> {
  if (context.fetch === undefined) throw httpErrors.noNetwork();
  const request = requestOf(input, context);
  const answer = await context.fetch(request);
  const expected = input['expectStatus'] as number[] | undefined;
  const success = expected?.includes(answer.status) ?? (answer.status >= 200 && answer.status < 300);
  if (!success) throw refusal(new URL(request.url).origin, answer);
  return readAnswer(answer);
}

function requestOf(input: JsonObject, context: ActionContext): EgressRequest {
  const method = input['method'] as EgressRequest['method'];
  const headers = lowerCase((input['headers'] ?? {}) as Record<string, string>);
  if (Object.hasOwn(headers, KEY_HEADER)) throw httpErrors.keyIsSet();
  const { body } = input;
  if (body !== undefined)
    headers['content-type'] ??= typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  if (method !== 'GET' && method !== 'HEAD') headers[KEY_HEADER] = context.idempotencyKey;
  return {
    url: input['url'] as string,
    method,
    headers,
    timeoutMs: milliseconds(input['timeout'] as string),
    signal: context.signal,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
}

/** Names as they are compared. A name that is written in two ways is refused: which one counts would depend on order. */
function lowerCase(headers: Record<string, string>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const names = entries.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw httpErrors.headerTwice(twice);
  return Object.fromEntries(entries);
}

/** `15s` or `500ms`, as the contract lets through. */
function milliseconds(duration: string): number {
  return duration.endsWith('ms') ? Number(duration.slice(0, -2)) : Number(duration.slice(0, -1)) * 1_000;
}
