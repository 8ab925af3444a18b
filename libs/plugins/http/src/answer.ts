import type { EgressResponse, Json, JsonObject } from '@stagewright/engine/plugin';

/** Never handed on: cookies are credentials. */
const HIDDEN = new Set(['set-cookie', 'set-cookie2']);
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/;
const TEXT_TYPE = /^(?:text\/[\w.+-]+|application\/(?:[\w.+-]+\+)?xml|application\/x-www-form-urlencoded)$/;

/** The answer as a stage sees it. */
export function readAnswer(answer: EgressResponse): JsonObject {
  const headers = Object.entries(answer.headers).filter(([name]) => !HIDDEN.has(name));
  return {
    status: answer.status,
    headers: Object.fromEntries(headers),
    body: bodyOf(answer),
    bytes: answer.body.length,
  };
}

/** JSON as its value. What claims to be JSON and is none is given as text: many receivers answer a bare `ok`. */
function bodyOf(answer: EgressResponse): Json {
  const text = textOf(answer);
  if (text === null || text === '') return null;
  if (!JSON_TYPE.test(mediaType(answer))) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** The text of an answer that is one; null for bytes, or an encoding that nobody knows. */
export function textOf(answer: EgressResponse): string | null {
  const type = mediaType(answer);
  if (!JSON_TYPE.test(type) && !TEXT_TYPE.test(type)) return null;
  const charset = /;\s*charset="?([\w.:-]+)"?/i.exec(answer.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(answer.body);
  } catch {
    return null;
  }
}

function mediaType(answer: EgressResponse): string {
  return (answer.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
