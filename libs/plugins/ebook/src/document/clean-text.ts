/** Everything that XML 1.0 cannot hold, and controls that no book needs. Tab, newline stay. */
const FORBIDDEN =
  // eslint-disable-next-line no-control-regex -- these are the characters to be removed
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufeff\ufff9-\uffff]|[\u202a-\u202e\u2066-\u2069]/gu;
const NONCHARACTER =
  /[\u{1fffe}\u{1ffff}\u{2fffe}\u{2ffff}\u{3fffe}\u{3ffff}\u{4fffe}-\u{dffff}\u{efffe}-\u{10ffff}]/gu;

/**
 * Text as it may stand in a book: well-formed Unicode in NFC, `\n` line ends, no control characters and no bidi
 * overrides (they can make a page show something other than what it says).
 */
export function cleanText(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(FORBIDDEN, (char) => (char === '\ufffd' ? char : ''))
    .replace(NONCHARACTER, '')
    .normalize('NFC');
}

/** One line of clean text: for titles, names and other metadata. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LETTER = /\p{L}/u;

/** Direction of a text by its first letter; null when it has none. */
export function directionOf(text: string): 'ltr' | 'rtl' | null {
  const letter = LETTER.exec(text)?.[0];
  if (letter === undefined) return null;
  return RTL.test(letter) ? 'rtl' : 'ltr';
}
