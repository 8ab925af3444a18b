import { describe, expect, it } from '@jest/globals';
import { shapeAt } from '../contract/schema-shape.ts';
import { checkPrompt } from './check-prompt.ts';
import type { CheckedPrompt } from './check-prompt.ts';
import { parsePromptFile } from './prompt-file.ts';

const DATA = {
  type: 'object',
  properties: {
    inputs: {
      type: 'object',
      properties: { topic: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } },
    },
    outline: {
      type: 'object',
      properties: {
        chapters: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              title: { type: 'string' },
              notes: { type: 'array', items: { type: 'object', properties: { text: { type: 'string' } } } },
            },
          },
        },
      },
    },
    anything: {},
  },
};

function check(text: string, partials: Record<string, string> = {}): CheckedPrompt {
  return checkPrompt({
    path: 'prompts/main.hbs',
    text,
    partial: (name) =>
      Object.hasOwn(partials, name) ? { path: `prompts/${name}.hbs`, text: partials[name] ?? '' } : undefined,
    known: (path) => shapeAt(DATA, path),
  });
}

const told = (text: string, partials?: Record<string, string>): string[] =>
  check(text, partials).problems.map(
    ({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`,
  );

describe('variables are followed through blocks', () => {
  it.each([
    ['a plain path', '{{inputs.topic}}', ['inputs.topic']],
    ['an item by this', '{{#each inputs.tags}}{{this}}{{/each}}', ['inputs.tags', 'inputs.tags.[]']],
    [
      'a property of the item',
      '{{#each outline.chapters}}{{title}}{{/each}}',
      ['outline.chapters', 'outline.chapters.[].title'],
    ],
    [
      'a named item',
      '{{#each outline.chapters as |c|}}{{c.title}}{{/each}}',
      ['outline.chapters', 'outline.chapters.[].title'],
    ],
    [
      'a loop in a loop',
      '{{#each outline.chapters}}{{#each notes}}{{text}}{{../title}}{{/each}}{{/each}}',
      [
        'outline.chapters',
        'outline.chapters.[].notes',
        'outline.chapters.[].notes.[].text',
        'outline.chapters.[].title',
      ],
    ],
    [
      'out of two loops',
      '{{#each outline.chapters}}{{#each notes}}{{../../inputs.topic}}{{/each}}{{/each}}',
      ['outline.chapters', 'outline.chapters.[].notes', 'inputs.topic'],
    ],
    [
      'if does not change the context',
      '{{#each outline.chapters}}{{#if title}}{{../inputs.topic}}{{/if}}{{/each}}',
      ['outline.chapters', 'outline.chapters.[].title', 'inputs.topic'],
    ],
    ['with', '{{#with inputs}}{{topic}}{{/with}}', ['inputs', 'inputs.topic']],
    ['with and a name', '{{#with inputs as |i|}}{{i.topic}}{{/with}}', ['inputs', 'inputs.topic']],
    [
      'else stays outside',
      '{{#each inputs.tags}}x{{else}}{{inputs.topic}}{{/each}}',
      ['inputs.tags', 'inputs.topic'],
    ],
    [
      'loop data',
      '{{#each inputs.tags as |t i|}}{{@index}}{{@first}}{{@last}}{{@key}}{{i}}{{/each}}',
      ['inputs.tags'],
    ],
    [
      'loop data of the loop around',
      '{{#each outline.chapters}}{{#each notes}}{{@../index}}{{/each}}{{/each}}',
      ['outline.chapters', 'outline.chapters.[].notes'],
    ],
    [
      'the data from anywhere',
      '{{#each inputs.tags}}{{@root.inputs.topic}}{{/each}}',
      ['inputs.tags', 'inputs.topic'],
    ],
    ['a numbered item', '{{outline.chapters.0.title}}', ['outline.chapters.0.title']],
    [
      'the shape behind default',
      '{{#each (default outline.chapters null)}}{{title}}{{/each}}',
      ['outline.chapters', 'outline.chapters.[].title'],
    ],
    [
      'unknown shapes are accepted',
      '{{#each anything.list}}{{whatever.x}}{{/each}}',
      ['anything.list', 'anything.list.[].whatever.x'],
    ],
  ])('%s', (_story, text, reads) => {
    const checked = check(text);
    expect(checked.problems).toEqual([]);
    expect(checked.reads.map((path) => path.join('.'))).toEqual(reads);
  });

  it.each([
    [
      'a misspelled input',
      '{{inputs.topik}}',
      '1:3 PROMPT_VAR_UNKNOWN The variable "inputs.topik" does not exist: inputs has no "topik".',
    ],
    [
      'against the contract of an item',
      '{{#each outline.chapters as |c|}}{{c.titel}}{{/each}}',
      '1:36 PROMPT_VAR_UNKNOWN The variable "c.titel" does not exist: outline.chapters[] has no "titel".',
    ],
    [
      'the outer name inside a loop',
      '{{#each outline.chapters}}{{inputs.topic}}{{/each}}',
      '1:29 PROMPT_VAR_UNKNOWN The variable "inputs.topic" does not exist: outline.chapters[] has no "inputs".',
    ],
    [
      'a name after its block',
      '{{#each inputs.tags as |t|}}{{/each}}{{t}}',
      '1:40 PROMPT_VAR_UNKNOWN The variable "t" does not exist: there is no "t".',
    ],
    [
      'inside an index',
      '{{#each inputs.tags as |t i|}}{{i.x}}{{/each}}',
      '1:33 PROMPT_VAR_UNKNOWN The variable "i.x" does not exist: it has nothing named "x" inside.',
    ],
    [
      'loop data outside a loop',
      '{{@index}}',
      '1:3 PROMPT_VAR_UNKNOWN The variable "@index" does not exist: @index exists only inside {{#each}}.',
    ],
    [
      'unknown data',
      '{{@level}}',
      '1:3 PROMPT_VAR_UNKNOWN The variable "@level" does not exist: there is no @level.',
    ],
    [
      'every variable at once',
      '{{this}}',
      '1:3 PROMPT_SYNTAX_FORBIDDEN "this" outside a block is not allowed in prompts.',
    ],
  ])('%s is refused', (_story, text, problem) => {
    expect(told(text)).toEqual([`prompts/main.hbs:${problem}`]);
  });

  it('a length is asked for with the helper', () => {
    expect(check('{{outline.chapters.length}}').problems[0]?.hint).toBe(
      'Write {{length outline.chapters}} for the number of items.',
    );
  });
});

describe('partials', () => {
  it('are taken into the plan with everything they use', () => {
    const partials = { tone: 'Be {{mood}}. {{> rules}}', rules: 'No lies.' };
    const checked = check('{{> tone mood="kind"}}', partials);
    expect(checked.problems).toEqual([]);
    expect(checked.prompt).toEqual({ path: 'prompts/main.hbs', source: '{{> tone mood="kind"}}', partials });
  });

  it.each([
    [
      'sees the context where it stands',
      '{{#each outline.chapters}}{{> one}}{{/each}}',
      { one: '{{title}}' },
      [],
    ],
    ['sees what it is given', '{{> one c=outline}}', { one: '{{#each c.chapters}}{{title}}{{/each}}' }, []],
    [
      'sees the data by @root',
      '{{#each inputs.tags}}{{> one}}{{/each}}',
      { one: '{{@root.inputs.topic}}' },
      [],
    ],
    [
      'is told in its own file',
      '{{> one}}',
      { one: 'a\n{{inputs.x}}' },
      ['prompts/one.hbs:2:3 PROMPT_VAR_UNKNOWN The variable "inputs.x" does not exist: inputs has no "x".'],
    ],
    [
      'does not see block parameters',
      '{{#each inputs.tags as |t|}}{{> one}}{{/each}}',
      { one: '{{@root.t}}' },
      ['prompts/one.hbs:1:3 PROMPT_VAR_UNKNOWN The variable "@root.t" does not exist: there is no "t".'],
    ],
    [
      'does not look out of itself',
      '{{#each inputs.tags}}{{> one}}{{/each}}',
      { one: '{{../inputs.topic}}' },
      [
        'prompts/one.hbs:1:3 PROMPT_VAR_UNKNOWN The variable "../inputs.topic" does not exist: "../" leads out of what can be seen here.',
      ],
    ],
    [
      'needs what it declares',
      '{{> one}}',
      { one: '---\nvariables: [mood]\n---\n{{mood}}' },
      [
        'prompts/main.hbs:1:5 PROMPT_VAR_UNKNOWN The variable "mood" does not exist: the partial "one" needs it.',
      ],
    ],
    [
      'is satisfied by a value',
      '{{> one mood=inputs.topic}}',
      { one: '---\nvariables: [mood]\n---\n{{mood}}' },
      [],
    ],
    [
      'is satisfied by what is there',
      '{{> one}}',
      { one: '---\nvariables: [inputs.topic]\n---\n{{inputs.topic}}' },
      [],
    ],
    [
      'reads only what it declares',
      '{{> one mood=1}}',
      { one: '---\nvariables: [mood]\n---\n{{inputs.topic}}' },
      [
        'prompts/one.hbs:4:3 PROMPT_VAR_UNKNOWN The variable "inputs.topic" does not exist: the front matter does not declare it.',
      ],
    ],
    [
      'cannot use itself',
      '{{> one}}',
      { one: '{{> one}}' },
      ['prompts/one.hbs:1:5 PROMPT_PARTIAL_CYCLE Partials use each other in a circle: one -> one.'],
    ],
    [
      'cannot use itself through another',
      '{{> one}}',
      { one: '{{> two}}', two: '{{> one}}' },
      ['prompts/two.hbs:1:5 PROMPT_PARTIAL_CYCLE Partials use each other in a circle: one -> two -> one.'],
    ],
    [
      'takes no context',
      '{{> one inputs}}',
      { one: 'x' },
      ['prompts/main.hbs:1:9 PROMPT_SYNTAX_FORBIDDEN A context for a partial is not allowed in prompts.'],
    ],
  ])('a partial %s', (_story, text, partials, problems) => {
    expect(told(text, partials as unknown as Record<string, string>)).toEqual(problems);
  });

  it('that double at each step are stopped', () => {
    const partials = Object.fromEntries(
      Array.from({ length: 25 }, (_, i) => [`p${i}`, i === 24 ? 'x' : `{{> p${i + 1}}}{{> p${i + 1}}}`]),
    );
    expect(check('{{> p0}}', partials).problems.map(({ code }) => code)).toContain('PROMPT_RENDER_BUDGET');
  });
});

describe('front matter', () => {
  it('is read, and lines stay those of the file', () => {
    const parsed = parsePromptFile(
      'p.hbs',
      '---\ntitle: Tone\ndescription: How to sound\nvariables: [inputs.topic]\n---\nHi {{> tone}}{{> tone}}',
    );
    expect(parsed.frontMatter).toEqual({
      title: 'Tone',
      description: 'How to sound',
      variables: ['inputs.topic'],
    });
    expect(parsed.body).toBe('\n\n\n\n\nHi {{> tone}}{{> tone}}');
    expect(parsed.partials).toEqual(['tone']);
    expect(parsed.problems).toEqual([]);
  });

  it.each([
    ['no front matter', 'Hi', null],
    ['empty front matter', '---\n---\nHi', null],
    ['Windows line ends', '---\r\nvariables: [a]\r\n---\r\nHi', ['a']],
    ['a byte order mark', '\uFEFF---\nvariables: [a]\n---\nHi', ['a']],
    ['a rule further down', 'Hi\n---\nx: 1\n---\n', null],
  ])('%s', (_story, text, variables) => {
    const parsed = parsePromptFile('p.hbs', text);
    expect(parsed.problems).toEqual([]);
    expect(parsed.frontMatter.variables).toEqual(variables);
  });

  it.each([
    ['never closed', '---\nvariables: [a]\n', '1:1'],
    ['an unknown field', '---\ntitle: a\nmodel: x\n---\n', '3:1'],
    ['a list that is none', '---\nvariables: a\n---\n', '2:1'],
    ['a name that is none', '---\nvariables: [a, "b c"]\n---\n', '2:16'],
    ['not a mapping', '---\n- a\n---\n', '2:1'],
    ['a key twice', '---\ntitle: a\ntitle: b\n---\n', '3:1'],
    ['an alias', '---\ntitle: &a b\ndescription: *a\n---\n', '2:11'],
    ['a tag', '---\ntitle: !!js/function x\n---\n', '2:8'],
  ])('%s is refused with its place', (_story, text, place) => {
    const [problem] = parsePromptFile('p.hbs', text).problems;
    expect(problem?.code).toBe('PROMPT_FRONT_MATTER');
    expect(`${problem?.line}:${problem?.column}`).toBe(place);
  });

  it('a prompt reads only what it declares, and declares only what exists', () => {
    expect(told('---\nvariables: [inputs.tags, nobody]\n---\n{{inputs.topic}}')).toEqual([
      'prompts/main.hbs:2:26 PROMPT_VAR_UNKNOWN The variable "nobody" does not exist: there is no "nobody".',
      'prompts/main.hbs:4:3 PROMPT_VAR_UNKNOWN The variable "inputs.topic" does not exist: the front matter does not declare it.',
    ]);
  });
});
