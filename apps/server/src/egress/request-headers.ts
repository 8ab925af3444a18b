import { egressErrors } from './egress.errors.ts';

/** Set by the client alone: they say where a message ends, which host is meant, or who else may see it. */
const RESERVED: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
/** Printable ASCII and tabs. */
const VALUE = /^[\t\x20-\x7e]*$/;
const MOST_HEADERS = 100;
const LONGEST_VALUE = 8_192;

/** The headers with lower-case names. Throws `HEADER_INVALID` for what could change the message itself. */
export function checkedHeaders(given: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(given);
  if (entries.length > MOST_HEADERS)
    throw egressErrors.headerInvalid(entries[MOST_HEADERS]?.[0] ?? '', `is one of more than ${MOST_HEADERS}`);
  const headers = new Map<string, string>();
  for (const [name, value] of entries) {
    const lower = name.toLowerCase();
    if (!TOKEN.test(name)) throw egressErrors.headerInvalid(name, 'has a name that is not a header name');
    if (RESERVED.has(lower)) throw egressErrors.headerInvalid(name, 'is not for callers to set');
    if (headers.has(lower)) throw egressErrors.headerInvalid(name, 'is given twice');
    if (typeof value !== 'string' || value.length > LONGEST_VALUE || !VALUE.test(value))
      throw egressErrors.headerInvalid(name, 'has a value that is not one line of printable ASCII text');
    headers.set(lower, value);
  }
  return Object.fromEntries(headers);
}
