/**
 * `Content-Disposition: attachment` for a file name of any characters (RFC 6266): a plain name that every client can
 * read, and the true one as UTF-8 (RFC 8187). Nothing of the name can end the header or start another.
 */
export function attachmentDisposition(name: string): string {
  const whole = name.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
  const plain = whole.replaceAll(/[^\x20-\x7e]|["\\%;]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeExtended(whole)}`;
}

/** RFC 8187 `value-chars`: what `encodeURIComponent` leaves and the rule does not allow is encoded too. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
