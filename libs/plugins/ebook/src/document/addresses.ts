const SCHEME = /^([a-z][a-z0-9+.-]*):/i;
const HOST = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/i;

/**
 * An address that readers and validators accept, or null when it is not one. Only http, https and mailto: no scripts, no data,
 * no files. User names and passwords are left out; everything outside RFC 3986 is percent-encoded.
 */
export function safeAddress(raw: string): string | null {
  const text = raw.trim();
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'mailto') return safeMail(text);
  if ((scheme !== 'http' && scheme !== 'https') || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (!HOST.test(url.hostname) || url.hostname.length > 253) return null;
  const tail = escapeTail(url.pathname) + escapeTail(url.search) + escapeTail(url.hash);
  const address = `${url.protocol}//${url.host}${tail}`;
  return address.length > 4000 ? null : address;
}

function safeMail(text: string): string | null {
  const [address = '', query] = text.slice('mailto:'.length).split('?', 2);
  if (!/^[a-z0-9.!$&'*+/=^_`{|}~-]+@[a-z0-9.-]+$/i.test(address)) return null;
  const encoded = address.replace(/[^a-z0-9.!$&'*+=_~@-]/gi, (char) => encodeURIComponent(char));
  return `mailto:${encoded}${query === undefined ? '' : escapeTail(`?${query}`)}`;
}

function escapeTail(part: string): string {
  return part
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/%(?![0-9a-f]{2})/gi, '%25')
    .replace(/(?!^)#/g, '%23')
    .replace(/[^a-z0-9\-._~!$&'()*+,;=:@/?%#]/giu, (char) => encodeURIComponent(char));
}

export function hasScheme(raw: string): boolean {
  return SCHEME.test(raw.trim()) || raw.trim().startsWith('//');
}
