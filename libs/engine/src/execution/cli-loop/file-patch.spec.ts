import { describe, expect, it } from '@jest/globals';
import { validateTrusted } from '../../contract/index.ts';
import { applyPatch, PATCH_CONTRACT, textOf } from './file-patch.ts';
import type { JsonObject } from '../../vocabulary.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const FILES = [
  { path: 'index.html', content: bytes('<p>one</p>\n<p>two</p>\n') },
  { path: 'logo.png', content: new Uint8Array([0x89, 0x50, 0xff, 0xfe]) },
  { path: '.htmlvalidate.json', content: bytes('{"root":true}') },
];

function patched(...edits: JsonObject[]) {
  expect(validateTrusted(PATCH_CONTRACT, { edits })).toEqual([]);
  return applyPatch(FILES, { edits });
}

describe('edits of a model', () => {
  it('are carried out in order, on exactly one place each', () => {
    const { files, changed, faults } = patched(
      { path: 'index.html', find: 'one', replace: 'three $& $1' },
      { path: 'index.html', find: 'three $&', replace: '' },
      { path: 'logo.png', content: 'now text' },
    );
    expect(faults).toEqual([]);
    expect(changed).toEqual(['index.html', 'logo.png']);
    expect(files.map(({ content }) => textOf(content))).toEqual([
      '<p> $1</p>\n<p>two</p>\n',
      'now text',
      '{"root":true}',
    ]);
    expect(textOf(FILES[0]!.content)).toBe('<p>one</p>\n<p>two</p>\n');
  });

  it.each<[string, JsonObject, RegExp]>([
    ['text that is nowhere', { path: 'index.html', find: 'four', replace: '' }, /not in index\.html$/],
    ['text that is in two places', { path: 'index.html', find: '<p>', replace: '' }, /more than once/],
    ['text of a file that has none', { path: 'logo.png', find: 'PNG', replace: '' }, /not a text file$/],
    [
      'a file that is not there',
      { path: 'new.html', content: 'x' },
      /none of the files: index\.html, logo\.png$/,
    ],
    ['a hidden file', { path: '.htmlvalidate.json', content: '{}' }, /none of the files/],
    ['a file above the folder', { path: '../../etc/passwd', content: 'x' }, /none of the files/],
    ['a file by another name', { path: './index.html', content: 'x' }, /none of the files/],
    ['a name of every object', { path: '__proto__', content: 'x' }, /none of the files/],
    ['nothing at all', { path: 'index.html', find: 'one', replace: 'one' }, /leave every file as it is$/],
  ])('are at fault when they mean %s', (_what, edit, fault) => {
    const { faults } = patched(edit);
    expect(faults).toEqual([expect.stringMatching(fault)]);
  });

  it.each<JsonObject>([
    { edits: [] },
    { edits: [{ path: 'a', find: '', replace: 'x' }] },
    { edits: [{ path: 'a', find: 'x', replace: 'y', content: 'z' }] },
    { edits: [{ path: 'a' }] },
    { edits: Array.from({ length: 51 }, () => ({ path: 'a', content: 'x' })) },
  ])('break their contract as %j', (patch) => {
    expect(validateTrusted(PATCH_CONTRACT, patch)).not.toEqual([]);
  });
});
