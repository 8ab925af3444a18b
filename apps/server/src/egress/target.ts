import { egressErrors } from './egress.errors.ts';

/** Longest URL that is called, in characters. */
const LONGEST_URL = 8_192;
/** Scheme and authority as written: the URL parser would forgive missing slashes, and drop an empty user name. */
const PLAIN_START = /^(https?):\/\/[^/?#@\\]+(?=[/?#]|$)/i;
const SCHEME = /^([a-z][a-z0-9+.-]{0,30}):/i;

/**
 * The one reading of a URL: what is checked is this object, and what is called is this object. Throws `EGRESS_BLOCKED` for
 * another scheme, user names, backslashes, white space, control characters, and hosts that end in a dot.
 */
export function parseTarget(text: string): URL {
  if (typeof text !== 'string' || text.length > LONGEST_URL)
    throw egressErrors.urlRefused(`it is no text of at most ${LONGEST_URL} characters`);
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme !== 'http' && scheme !== 'https')
    throw egressErrors.urlRefused('only http:// and https:// are called');
  // The parser removes tabs and line ends, and reads a backslash as a slash: two readers could see two hosts.
  if (hasSpaceOrControl(text) || text.includes('\\'))
    throw egressErrors.urlRefused('it holds a backslash, white space or a control character');
  if (!PLAIN_START.test(text) || !URL.canParse(text))
    throw egressErrors.urlRefused('it does not have the form https://host/path');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hostname === '' || url.hostname.endsWith('.'))
    throw egressErrors.urlRefused('its host is written in a form that is not accepted');
  return url;
}

function hasSpaceOrControl(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (
      code <= 0x20 ||
      (code >= 0x7f && code <= 0xa0) ||
      code === 0x2028 ||
      code === 0x2029 ||
      code === 0xfeff
    )
      return true;
  }
  return false;
}

/** Host of a URL without the brackets of IPv6. */
export function bareHost(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

/** The port that a URL means. */
export function portOf(url: Pick<URL, 'protocol' | 'port'>): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
