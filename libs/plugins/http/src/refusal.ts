import type { EgressResponse, StagewrightError } from '@stagewright/engine/plugin';
import { textOf } from './answer.ts';
import { httpErrors } from './http.errors.ts';

/** Characters of a refusing answer that are kept. */
const MOST_SAID = 300;
/** Statuses below 500 that ask for another try. */
const TRY_AGAIN = new Set([408, 425]);

/** The error for an answer that is not a success: whether to try again, and when, is what its status means. */
export function refusal(origin: string, answer: EgressResponse): StagewrightError {
  const { status } = answer;
  const facts = { origin, status, said: said(answer) };
  const wait = retryAfterMs(answer.headers);
  if (status === 410) return httpErrors.gone(facts);
  if (status === 429) return httpErrors.rateLimited(facts, wait);
  if (status >= 500 || TRY_AGAIN.has(status)) return httpErrors.unavailable(facts, wait);
  return status >= 400 ? httpErrors.refused(facts) : httpErrors.unexpected(facts);
}

function said(answer: EgressResponse): string {
  const text = (textOf(answer) ?? '').replace(/\s+/gu, ' ').trim();
  return text.length > MOST_SAID ? `${text.slice(0, MOST_SAID)}…` : text;
}

/** Seconds, or a date, which is measured against the date of the answer itself: clocks differ. */
function retryAfterMs(headers: Record<string, string>): number | undefined {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,6}$/.test(value)) return Number(value) * 1_000;
  const wait = Date.parse(value) - Date.parse(headers['date'] ?? '');
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}
