import { describe, expect, it } from '@jest/globals';
import { decodeText } from './decode-text.ts';

const utf16 = (text: string) => Buffer.from(text, 'utf16le');

describe('decodeText', () => {
  it('reads UTF-8, with and without a byte order mark', () => {
    expect(decodeText('a.md', Buffer.from('\ufeffCafé\r\n茶'))).toBe('Café\r\n茶');
    expect(decodeText('a.md', Buffer.from('Café'))).toBe('Café');
    expect(decodeText('a.md', new Uint8Array())).toBe('');
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['UTF-16 with a mark', utf16('\ufeffHello'), /UTF-16 \(little endian\)/],
    ['UTF-16 big endian', utf16('\ufeffHello').swap16(), /UTF-16 \(big endian\)/],
    ['UTF-16 without a mark', utf16('Hello, world'), /UTF-16 without/],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x48, 0, 0, 0]), /UTF-32/],
    ['Latin-1', Buffer.from('one\ntwo\ncaf\xe9', 'latin1'), /line 3 looks like Latin-1/],
    ['Shift JIS', Buffer.from([0x83, 0x65, 0x83, 0x58]), /line 1 looks like/],
    ['overlong UTF-8', Buffer.from([0x41, 0xc0, 0xaf]), /line 1/],
    ['a binary file', Buffer.from(`${'text '.repeat(40)}\0`), /NUL/],
  ])('refuses %s, and names the file', (_title, content, message) => {
    const refusal = () => decodeText('ch/02.md', content);
    expect(refusal).toThrow(expect.objectContaining({ code: 'MANUSCRIPT_ENCODING' }));
    expect(refusal).toThrow(message);
    expect(refusal).toThrow('"ch/02.md"');
  });
});
