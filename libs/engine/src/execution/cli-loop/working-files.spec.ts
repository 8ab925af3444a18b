import { describe, expect, it } from '@jest/globals';
import { parseValue } from '../../expression/index.ts';
import { MemoryArtifactStore } from '../../testing/memory-artifact-store.ts';
import { workingFiles } from './working-files.ts';
import type { Scope } from '../../template/plan.ts';
import type { Json } from '../../vocabulary.ts';

async function given(files: Json, inputs: Scope['inputs'] = {}) {
  const artifacts = new MemoryArtifactStore();
  const content = new TextEncoder().encode('kept');
  const upload = { name: 'data.csv', type: 'file', mediaType: 'text/csv', content };
  const ref = await artifacts.put(upload, { workspace: 'w', run: null, metadata: {} });
  const run = { id: 'r', title: 't', template: 't', version: '1.0.0' };
  const scope = { inputs: { ...inputs, upload: ref.artifact, ref: { ...ref } }, stages: {}, run };
  const found = await workingFiles(parseValue(files), scope, { artifacts, workspace: 'w' });
  return found.map((file) => [file.path, new TextDecoder().decode(file.content)]);
}

const page = (path: string, content = 'x') => ({ path, content });

describe('working files', () => {
  it.each<[string, Json, Scope['inputs'], string[][]]>([
    [
      'written in the template',
      [page('b.html'), page('a/c.html', 'y')],
      {},
      [
        ['a/c.html', 'y'],
        ['b.html', 'x'],
      ],
    ],
    [
      'with data in them',
      [page('a.html', '<h1>${{ inputs.t }}</h1>')],
      { t: 'Tea' },
      [['a.html', '<h1>Tea</h1>']],
    ],
    ['of an expression', '${{ inputs.pages }}', { pages: [page('a.html')] }, [['a.html', 'x']]],
    [
      'of an expression among others',
      [page('z.css'), '${{ inputs.pages }}'],
      { pages: [page('a.html')] },
      [
        ['a.html', 'x'],
        ['z.css', 'x'],
      ],
    ],
    [
      'that were uploaded',
      [{ path: 'in/d.csv', artifact: '${{ inputs.upload }}' }],
      {},
      [['in/d.csv', 'kept']],
    ],
    [
      'that are artifacts',
      ['${{ inputs.ref }}', { path: 'e.csv', artifact: '${{ inputs.ref }}' }],
      {},
      [
        ['data.csv', 'kept'],
        ['e.csv', 'kept'],
      ],
    ],
    ['hidden, of the template', [page('.htmlvalidate.json')], {}, [['.htmlvalidate.json', 'x']]],
  ])('may be %s', async (_what, files, inputs, expected) => {
    expect(await given(files, inputs)).toEqual(expected);
  });

  const paths = [
    '../up',
    '/etc/passwd',
    'a/../../b',
    'a//b',
    './a',
    'a\\b',
    'C:x',
    'a\nb',
    '',
    'a/.',
    '-rf',
    'a/-x',
    'CON',
    'a.',
    'x'.repeat(300),
    'a/b/c/d/e/f/g/h/i',
    'a\u202eb',
    '%2e%2e',
    '.eslintrc.js',
    'a/.git/config',
  ];
  it.each(paths)('may not have the path %j that data gives', async (path) => {
    await expect(given('${{ inputs.files }}', { files: [page(path)] })).rejects.toMatchObject({
      code: 'CLI_FILE_INVALID',
    });
  });

  it.each<[string, Json]>([
    ['one file twice', [page('a.html'), page('A.html')]],
    ['a file below a file', [page('a'), page('a/b')]],
    ['a file without content', [{ path: 'a' }]],
    ['content without a path', [{ content: 'x' }]],
    ['a text', ['a.html']],
    ['too many files', Array.from({ length: 201 }, (_, index) => page(`${index}.txt`))],
    [
      'too large files',
      Array.from({ length: 11 }, (_, index) => page(`${index}.txt`, 'x'.repeat(1_000_000))),
    ],
    ['no list', { path: 'a' }],
  ])('may not be %s', async (_what, files) => {
    await expect(given('${{ inputs.files }}', { files })).rejects.toMatchObject({ code: 'CLI_FILE_INVALID' });
  });

  it('may not be an artifact of nobody', async () => {
    await expect(given([{ path: 'a', artifact: 'nowhere' }])).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FOUND',
    });
  });
});
