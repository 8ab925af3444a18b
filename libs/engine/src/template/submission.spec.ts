import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { checkSubmittedFiles, templateNameIn, templateText } from './submission.ts';

const found = (files: Record<string, string>) =>
  checkSubmittedFiles('templates/tea', new Map(Object.entries(files))).map(
    ({ file, code }) => `${file} ${code}`,
  );

describe('files that are sent for a template', () => {
  it.each([
    'README.md',
    'prompts/ask.hbs',
    'schemas/a b.json',
    'tests/first.test.yaml',
    'prompts/deep/er/x.hbs',
    'notes/Grüße.md',
  ])('may be %s', (path) => expect(found({ [path]: 'x' })).toEqual([]));

  it.each([
    '',
    '.',
    '..',
    '../x',
    'a/../b',
    '/x',
    'a//b',
    './x',
    '.git/hooks/pre-commit',
    'a/.gitattributes',
    'a\\b',
    'C:x',
    'x.',
    'x ',
    '-x',
    'nul',
    'a\u202eb',
    'a\tb',
    'template.yaml',
    'TEMPLATE.yaml',
    `${'x'.repeat(201)}`,
  ])('may not be %j', (path) =>
    expect(found({ [path]: 'x' })).toEqual([expect.stringMatching(/ PATH_FORBIDDEN$/)]),
  );

  it('are text, of bounded size and number', () => {
    expect(found({ a: 'x'.repeat(262_144), b: 'line\r\n\ttab' })).toEqual([]);
    expect(found({ a: 'x'.repeat(262_145), b: '\u0000', c: '\udc00', d: '\ufeffx' })).toEqual([
      'templates/tea/a TEMPLATE_TOO_LARGE',
      'templates/tea/b TEMPLATE_ENCODING',
      'templates/tea/c TEMPLATE_ENCODING',
      'templates/tea/d TEMPLATE_ENCODING',
    ]);
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}.md`, '']));
    expect(found(many(200))).toEqual([]);
    expect(found(many(201))).toEqual(['templates/tea/template.yaml TEMPLATE_TOO_LARGE']);
  });
});

describe('a template that is sent', () => {
  it('is a file that people can go on with, and says the same', () => {
    const template = {
      name: 'tea',
      title: 'yes',
      version: '1.0',
      list: ['a: b', '#', '', '|', "'", '${{ x }}'],
      long: 'word '.repeat(60),
      lines: 'a\nb\n',
    };
    const text = templateText(template);
    expect(text).toMatch(/^# yaml-language-server: /);
    expect(parse(text)).toEqual(template);
    const shared = { a: 1 };
    expect(templateText({ x: shared, y: shared })).not.toMatch(/[&*]/);
  });

  it.each<[string, string | null]>([
    ['name: tea\n', 'tea'],
    ['{"name": "tea"}', 'tea'],
    ['name: ../x\n', '../x'],
    ['name: 1\n', null],
    ['title: x\n', null],
    ['[', null],
    ['', null],
  ])('%j is called %j', (text, name) => expect(templateNameIn(text)).toBe(name));
});
