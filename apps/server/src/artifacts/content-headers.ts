import { attachmentDisposition } from './content-disposition.ts';
import type { StoredArtifact } from './sql/find-artifacts.ts';

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/i;

/** A media type that is safe to send back, without parameters; what is not one is just bytes. */
export function bareMediaType(given: string | undefined): string {
  const bare = (given ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return MEDIA_TYPE.test(bare) ? bare : 'application/octet-stream';
}

/**
 * Headers under which a stored file can do no harm in a browser: it is saved, never shown; its type is never guessed;
 * and were it shown all the same, it could run nothing and reach nothing.
 */
export function contentHeaders(artifact: StoredArtifact): Record<string, string> {
  return {
    'content-type': bareMediaType(artifact.mediaType),
    'content-length': String(artifact.size),
    'content-disposition': attachmentDisposition(artifact.name),
    'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-transform, max-age=31536000, immutable',
    etag: `"${artifact.digest}"`,
  };
}
