import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '../vocabulary.ts';
import { renderPrompt } from './render-prompt.ts';

const CAPS = { outputBytes: 100_000, steps: 100_000 };
const DATA: JsonObject = {
  topic: 'Tea & <b>"water"</b>',
  none: null,
  empty: '',
  zero: 0,
  yes: true,
  list: ['a', 'b'],
  nothing: [],
  map: { one: 1, two: 2 },
  skipped: { output: null },
  chapters: [
    { title: 'One', notes: ['n1'] },
    { title: 'Two', notes: [] },
  ],
};

const render = (source: string, partials: Record<string, string> = {}, data = DATA): string =>
  renderPrompt({ path: 'p.hbs', source, partials }, data, CAPS);

describe('rendering', () => {
  it.each([
    ['text is never escaped', '{{topic}}', 'Tea & <b>"water"</b>'],
    ['numbers and booleans', '{{zero}} {{yes}}', '0 true'],
    ['empty text is a value', '[{{empty}}]', '[]'],
    ['a list by item', '{{#each list}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}', '0a,1b'],
    ['an object by key', '{{#each map as |value key|}}{{key}}={{value}};{{/each}}', 'one=1;two=2;'],
    ['an empty list', '{{#each nothing}}x{{else}}none{{/each}}', 'none'],
    ['out of the loop', '{{#each chapters}}{{#each notes}}{{../title}}/{{this}}{{/each}}{{/each}}', 'One/n1'],
    [
      'loop data of the loop around',
      '{{#each chapters}}{{#each notes}}{{@../index}}{{@index}}{{/each}}{{/each}}',
      '00',
    ],
    ['with', '{{#with map}}{{one}}{{/with}}', '1'],
    ['with nothing', '{{#with none}}x{{else}}-{{/with}}', '-'],
    ['an absent optional value in a condition', '{{#if chapters.0.subtitle}}x{{else}}-{{/if}}', '-'],
    ['a null in a condition', '{{#if skipped.output.text}}x{{/if}}-', '-'],
    ['unless', '{{#unless zero}}none{{/unless}}', 'none'],
    ['else if', '{{#if none}}a{{else if yes}}b{{else}}c{{/if}}', 'b'],
    ['the upside-down if', '{{^if none}}a{{/if}}', 'a'],
    ['a block alone on its line leaves no line', 'a\n{{#if yes}}\nb\n{{/if}}\nc', 'a\nb\nc'],
    ['trimmed white space', 'a  {{~topic~}}  b', 'aTea & <b>"water"</b>b'],
    ['a null with a fallback', '{{default none "-"}}', '-'],
    ['through a null with a fallback', '{{default skipped.output.text "-"}}', '-'],
    ['a comment', 'a{{! not this }}{{!-- {{nor}} this --}}b', 'ab'],
    ['front matter is not part of it', '---\ntitle: x\n---\na', 'a'],
  ])('%s', (_story, source, text) => {
    expect(render(source)).toBe(text);
  });

  it.each([
    [
      'a missing variable',
      'a\n {{nobody.x}}',
      'PROMPT_VAR_UNKNOWN',
      'The variable "nobody.x" has no value (p.hbs:2:4).',
    ],
    [
      'a missing property',
      '{{#each chapters as |c|}}{{c.pages}}{{/each}}',
      'PROMPT_VAR_UNKNOWN',
      'The variable "c.pages" has no value (p.hbs:1:28).',
    ],
    [
      'an inherited property',
      '{{map.toString}}',
      'PROMPT_VAR_UNKNOWN',
      'The variable "map.toString" has no value (p.hbs:1:3).',
    ],
    [
      'the length of a list',
      '{{list.length}}',
      'PROMPT_VAR_UNKNOWN',
      'The variable "list.length" has no value (p.hbs:1:3).',
    ],
    [
      'a letter of a text',
      '{{topic.[0]}}',
      'PROMPT_VAR_UNKNOWN',
      'The variable "topic.0" has no value (p.hbs:1:3).',
    ],
    ['a null', '{{none}}', 'PROMPT_VAR_NULL', 'The variable "none" is null (p.hbs:1:3).'],
    [
      'something inside a null',
      '{{skipped.output.text}}',
      'PROMPT_VAR_NULL',
      'The variable "skipped.output.text" is null (p.hbs:1:3).',
    ],
    [
      'a missing argument',
      '{{upper nobody}}',
      'PROMPT_VAR_UNKNOWN',
      'The variable "nobody" has no value (p.hbs:1:9).',
    ],
    [
      'a loop over nothing known',
      '{{#each nobody}}x{{/each}}',
      'PROMPT_VAR_UNKNOWN',
      'The variable "nobody" has no value (p.hbs:1:9).',
    ],
    [
      'a loop over null',
      '{{#each none}}x{{/each}}',
      'PROMPT_VAR_NULL',
      'The variable "none" is null (p.hbs:1:9).',
    ],
    [
      'with nothing and no else',
      '{{#with nobody}}x{{/with}}',
      'PROMPT_VAR_UNKNOWN',
      'The variable "nobody" has no value (p.hbs:1:9).',
    ],
    [
      'a loop over text',
      '{{#each topic}}x{{/each}}',
      'PROMPT_VALUE_NOT_LIST',
      '{{#each}} needs a list or an object, but "topic" is text (p.hbs:1:9).',
    ],
    ['an object', '{{map}}', 'PROMPT_VALUE_NOT_TEXT', '"map" is an object, not text (p.hbs:1:3).'],
    ['a list', '{{list}}', 'PROMPT_VALUE_NOT_TEXT', '"list" is a list, not text (p.hbs:1:3).'],
    [
      'a helper on the wrong kind',
      '{{join map}}',
      'PROMPT_HELPER_VALUE',
      '{{join}} needs a list, not an object (p.hbs:1:3).',
    ],
    [
      'comparing a list',
      '{{#if (eq list "a")}}x{{/if}}',
      'PROMPT_HELPER_VALUE',
      '{{eq}} compares text, numbers, booleans and null, not a list (p.hbs:1:8).',
    ],
    [
      'an indent out of range',
      '{{indent topic 4000}}',
      'PROMPT_HELPER_VALUE',
      '{{indent}} needs a whole number from 0 to 40 (p.hbs:1:3).',
    ],
    [
      'a partial that the plan lacks',
      '{{> gone}}',
      'PROMPT_PARTIAL_FORBIDDEN',
      'The partial "gone" is refused: the plan does not hold it. (p.hbs:1:5)',
    ],
  ])('%s is an error, never empty text', (_story, source, code, message) => {
    expect(() => render(source)).toThrow(expect.objectContaining({ code, message }));
  });
});

describe('partials', () => {
  it.each([
    ['see the context where they stand', '{{#each chapters}}{{> p}}{{/each}}', '{{title}};', 'One;Two;'],
    ['see what they are given, over the context', '{{> p topic="Water"}}', '{{topic}} {{zero}}', 'Water 0'],
    ['see the data by @root', '{{#each list}}{{> p}}{{/each}}', '{{@root.zero}}{{this}}', '0a0b'],
    ['keep the indentation of their line', 'a\n  {{> p}}\nb', 'x\n\ny\n', 'a\n  x\n  \n  y\nb'],
    ['leave the front matter out', '{{> p}}', '---\nvariables: [zero]\n---\n{{zero}}', '0'],
  ])('%s', (_story, source, partial, text) => {
    expect(render(source, { p: partial })).toBe(text);
  });

  it('that use themselves, in a plan from elsewhere, are stopped', () => {
    expect(() => render('{{> p}}', { p: '{{> p}}' })).toThrow(
      expect.objectContaining({ code: 'PROMPT_RENDER_BUDGET' }),
    );
  });

  it('do not reach a partial by a name of Object.prototype', () => {
    expect(() =>
      render('{{> tostring}}', Object.create({ tostring: 'x' }) as Record<string, string>),
    ).toThrow(expect.objectContaining({ code: 'PROMPT_PARTIAL_FORBIDDEN' }));
  });
});

describe('caps', () => {
  const thirty: Json = Array.from({ length: 30 }, (_, index) => index);

  it.each([
    ['many small pieces', '{{#each @root.a}}'.repeat(7) + 'x' + '{{/each}}'.repeat(7)],
    ['one big piece', '{{json big}}'],
    ['a big piece that is not written', '{{length (json big)}}'],
  ])('output stops at its cap: %s', (_story, source) => {
    const data = { a: thirty, big: 'x'.repeat(200_000) };
    const plan = { path: 'p.hbs', source, partials: {} };
    expect(() => renderPrompt(plan, data, { outputBytes: 100_000, steps: 1e9 })).toThrow(
      expect.objectContaining({
        code: 'PROMPT_RENDER_BUDGET',
        message: 'Rendering p.hbs was stopped: it would be longer than 100000 bytes.',
      }),
    );
  });

  it('counts bytes, not characters', () => {
    const plan = { path: 'p.hbs', source: '{{x}}', partials: {} };
    expect(() => renderPrompt(plan, { x: '中'.repeat(40) }, { outputBytes: 100, steps: 1e6 })).toThrow(
      'longer than 100 bytes',
    );
    expect(renderPrompt(plan, { x: '中'.repeat(33) }, { outputBytes: 100, steps: 1e6 })).toHaveLength(33);
  });

  it('loops that write nothing stop at the cap on steps', () => {
    const plan = {
      path: 'p.hbs',
      source: '{{#each @root.a}}'.repeat(7) + '{{/each}}'.repeat(7),
      partials: {},
    };
    expect(() => renderPrompt(plan, { a: thirty }, { outputBytes: 1000, steps: 20_000 })).toThrow(
      'more than 20000 steps',
    );
  });
});
