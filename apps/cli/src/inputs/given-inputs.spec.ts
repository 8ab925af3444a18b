import { mkdtempSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { readGivenInputs, readInputsFile, typed } from './given-inputs.ts';

const SCHEMA = {
  type: 'object',
  properties: {
    topic: { type: 'string' },
    chapters: { type: 'integer' },
    draft: { type: 'boolean' },
    tags: { type: 'array' },
    manuscript: { type: 'string', format: 'artifact' },
  },
};

const folder = () => mkdtempSync(join(tmpdir(), 'inputs-'));

describe('an input given as text', () => {
  it.each([
    ['7', { type: 'integer' }, 7],
    ['7', { type: 'string' }, '7'],
    ['seven', { type: 'integer' }, 'seven'],
    ['true', { type: 'boolean' }, true],
    ['yes', { type: 'boolean' }, 'yes'],
    ['a, b', { type: 'array' }, ['a', 'b']],
    ['["a, b"]', { type: 'array' }, ['a, b']],
    ['{"a":1}', { type: 'object' }, { a: 1 }],
    ['0012', {}, '0012'],
  ])('%s under %j is %j', (text, schema, expected) => {
    expect(typed(text, schema)).toEqual(expected);
  });
});

describe('inputs of a run', () => {
  it('keep everything after the first equals sign', () => {
    expect(readGivenInputs(['topic=a=b'], {}, SCHEMA, folder()).values).toEqual({ topic: 'a=b' });
  });

  it('come from a file, and single ones win over it', () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'in.yaml'), 'topic: Tea\nchapters: 3\n');
    expect(readGivenInputs(['chapters=5'], readInputsFile('in.yaml', cwd), SCHEMA, cwd).values).toEqual({
      topic: 'Tea',
      chapters: 5,
    });
  });

  it('take the text of a file', () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'topic.txt'), 'Tea');
    expect(readGivenInputs(['topic=@topic.txt'], {}, SCHEMA, cwd).values).toEqual({ topic: 'Tea' });
  });

  it('take a folder as a zip, without links and hidden files, the same bytes each time', () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'book/images'), { recursive: true });
    writeFileSync(join(cwd, 'book/one.md'), '# One');
    writeFileSync(join(cwd, 'book/.secret'), 'x');
    writeFileSync(join(cwd, 'book/images/a.png'), 'png');
    symlinkSync('/etc/passwd', join(cwd, 'book/passwd'));
    const read = () => readGivenInputs(['manuscript=@book'], {}, SCHEMA, cwd).uploads;
    const [upload] = read();
    expect(upload).toMatchObject({ input: 'manuscript', name: 'book.zip', mediaType: 'application/zip' });
    expect(Object.keys(unzipSync(upload?.content ?? new Uint8Array())).sort()).toEqual([
      'images/a.png',
      'one.md',
    ]);
    expect(read()).toEqual([upload]);
  });

  it.each([
    [['topic'], 'CLI_INPUT_INVALID'],
    [['=x'], 'CLI_INPUT_INVALID'],
    [['topic=@nowhere.txt'], 'CLI_FILE_UNREADABLE'],
    [['manuscript=@nowhere'], 'CLI_FILE_UNREADABLE'],
  ])('%j is refused with %s', (pairs, code) => {
    expect(() => readGivenInputs(pairs, {}, SCHEMA, folder())).toThrow(expect.objectContaining({ code }));
  });
});
