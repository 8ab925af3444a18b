import { describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import type { Zippable } from 'fflate';
import { readArchive } from './archive.ts';

const codeOf = (archive: Uint8Array): string => {
  try {
    readArchive(archive);
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const patched = (archive: Uint8Array, from: string, to: string) => {
  const text = Buffer.from(archive).toString('latin1').replaceAll(from, to);
  return new Uint8Array(Buffer.from(text, 'latin1'));
};
const plain = zipSync({ 'book/ch.md': strToU8('# Hi') });

describe('readArchive', () => {
  it('gives files sorted by path, without what a Mac or an editor leaves behind', () => {
    const archive = zipSync({
      'b.md': strToU8('b'),
      'a/c.md': strToU8('c'),
      '__MACOSX/x': strToU8('x'),
      '.DS_Store': strToU8('x'),
      'a/.git/y': strToU8('y'),
    });
    expect(readArchive(archive).map(({ path }) => path)).toEqual(['a/c.md', 'b.md']);
  });

  it.each<[string, Zippable]>([
    ['traversal', { '../x.md': strToU8('x') }],
    ['inner traversal', { 'a/../../x.md': strToU8('x') }],
    ['an absolute path', { '/etc/x.md': strToU8('x') }],
    ['a drive', { 'C:x.md': strToU8('x') }],
    ['a backslash', { 'a\\x.md': strToU8('x') }],
    ['NUL', { 'a\0.md': strToU8('x') }],
    ['a symbolic link', { 'l.md': [strToU8('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] }],
    ['a file that is also a folder', { a: strToU8('x'), 'a/b.md': strToU8('y') }],
  ])('refuses %s', (_name, files) => {
    expect(codeOf(zipSync(files))).toBe('ARCHIVE_UNSAFE');
  });

  it('refuses the same name twice', () => {
    expect(codeOf(patched(zipSync({ 'a1.md': strToU8('x'), 'a2.md': strToU8('y') }), 'a2.md', 'a1.md'))).toBe(
      'ARCHIVE_UNSAFE',
    );
  });

  it('refuses encryption, and names that differ between the two headers', () => {
    const encrypted = plain.slice();
    const central = Buffer.from(encrypted).indexOf('PK\x01\x02', 0, 'latin1');
    encrypted[central + 8] = 1;
    expect(codeOf(encrypted)).toBe('ARCHIVE_UNSAFE');
    const renamed = plain.slice();
    renamed[30] = 0x78;
    expect(codeOf(renamed)).toBe('ARCHIVE_UNSAFE');
  });

  it('refuses bombs: too many entries, too high a ratio, sizes that lie', () => {
    const many = Object.fromEntries(
      Array.from({ length: 2001 }, (_, index) => [`${index}.md`, new Uint8Array()]),
    );
    expect(codeOf(zipSync(many))).toBe('ARCHIVE_TOO_LARGE');
    expect(codeOf(zipSync({ 'a.md': new Uint8Array(12_000_000) }))).toBe('ARCHIVE_TOO_LARGE');
    const lying = zipSync({ 'a.md': new Uint8Array(5_000) });
    const central = Buffer.from(lying).indexOf('PK\x01\x02', 0, 'latin1');
    new DataView(lying.buffer).setUint32(central + 24, 10, true);
    expect(codeOf(lying)).toBe('ARCHIVE_UNSAFE');
  });

  it('refuses what is cut off', () => {
    expect(codeOf(plain.slice(0, plain.length - 10))).toBe('ARCHIVE_UNSAFE');
  });
});
