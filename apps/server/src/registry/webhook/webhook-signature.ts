import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** How far the clock of a sender may be off, where its signature holds a time. */
const CLOCK_SECONDS = 300;
const KEY_PREFIX = 'whsec_';

export interface SignedBody {
  headers: IncomingHttpHeaders;
  /** As it came, byte for byte. */
  body: Uint8Array;
}

/**
 * Whether the sender knows the secret, by the scheme that its headers name: a signature of the body (GitHub `x-hub-signature-256`,
 * Gitea and Forgejo `x-gitea-signature`), Standard Webhooks (`webhook-signature`, which GitLab's signing tokens follow), or the bare secret
 * (`x-gitlab-token`). A message with several must pass the first of them.
 */
export function isSigned({ headers, body }: SignedBody, secret: string, nowMs: number): boolean {
  const github = single(headers['x-hub-signature-256']);
  if (github !== null) return same(github, `sha256=${hmac(secret, body).toString('hex')}`);
  const gitea = single(headers['x-gitea-signature']);
  if (gitea !== null) return same(gitea, hmac(secret, body).toString('hex'));
  const standard = single(headers['webhook-signature']);
  if (standard !== null) return isStandardSignature(standard, { headers, body }, { secret, nowMs });
  const token = single(headers['x-gitlab-token']);
  return token !== null && same(token, secret);
}

/** Several signatures may stand beside one another while a secret is replaced. */
function isStandardSignature(
  signatures: string,
  { headers, body }: SignedBody,
  { secret, nowMs }: { secret: string; nowMs: number },
): boolean {
  const id = single(headers['webhook-id']);
  const time = single(headers['webhook-timestamp']);
  if (id === null || time === null || !/^\d{1,12}$/.test(time)) return false;
  if (Math.abs(nowMs / 1000 - Number(time)) > CLOCK_SECONDS) return false;
  const key = secret.startsWith(KEY_PREFIX)
    ? Buffer.from(secret.slice(KEY_PREFIX.length), 'base64')
    : Buffer.from(secret);
  const expected = hmac(key, Buffer.concat([Buffer.from(`${id}.${time}.`), body])).toString('base64');
  return signatures.split(' ').some((signature) => same(signature, `v1,${expected}`));
}

function hmac(key: string | Uint8Array, body: Uint8Array): Buffer {
  return createHmac('sha256', key).update(body).digest();
}

/** In constant time: digests of equal length are compared. */
function same(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function single(value: string | string[] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
