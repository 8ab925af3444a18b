import { StagewrightError } from '@stagewright/engine';

import { egressErrors } from './egress.errors.ts';

const CERTIFICATE =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_SSL_|HOSTNAME_MISMATCH|EPROTO)/;
const HEADERS_TOO_LARGE = /^(UND_ERR_HEADERS_OVERFLOW|HPE_HEADER_OVERFLOW)$/;
const UNREADABLE = /^(HPE_|Z_|ERR_BROTLI|ERR_PADDING)/;

/** What the network or the other side did, as an error of ours. Only the code is told: messages name addresses. */
export function upstreamError(origin: string, error: unknown): StagewrightError {
  if (error instanceof StagewrightError) return error;
  const code = codeOf(error);
  if (HEADERS_TOO_LARGE.test(code)) return egressErrors.tooLarge(origin, 'its headers are too large');
  if (CERTIFICATE.test(code)) return egressErrors.untrusted(origin, code);
  if (UNREADABLE.test(code)) return egressErrors.answerInvalid(origin, `it breaks its format (${code})`);
  return egressErrors.unreachable(origin, code === '' ? 'the connection failed' : code);
}

/** Read by shape: what the network throws need not be an `Error` of this realm. A parser's error has a name alone. */
function codeOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  return name === 'HTTPParserError' ? 'HPE_INVALID' : '';
}
