import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import Handlebars from 'handlebars';
import { StagewrightError } from '../errors/stagewright-error.ts';
import { checkPrompt } from './check-prompt.ts';
import { renderPrompt } from './render-prompt.ts';

const CAPS = { outputBytes: 1024 * 1024, steps: 1_000_000 };
const CHECK_CODES =
  /^(?:TEMPLATE_SCHEMA|PROMPT_(?:SYNTAX|SYNTAX_FORBIDDEN|PATH_FORBIDDEN|PARTIAL_FORBIDDEN|PARTIAL_CYCLE|HELPER_UNKNOWN|HELPER_ARGUMENTS|VAR_UNKNOWN|RENDER_BUDGET|FRONT_MATTER))$/;
const RENDER_CODES =
  /^PROMPT_(?:VAR_UNKNOWN|VAR_NULL|VALUE_NOT_TEXT|VALUE_NOT_LIST|HELPER_VALUE|RENDER_BUDGET)$/;

/** Pieces of prompts, good and bad, in any order. */
const piece = fc.constantFrom(
  'text',
  '\n',
  ' ',
  '---\n',
  '{{',
  '}}',
  '{{{',
  '\\',
  '~',
  '"',
  "'",
  '(',
  ')',
  '|',
  '=',
  '@',
  '../',
  './',
  'this',
  '.',
  '[',
  ']',
  'as |x|',
  '{{a}}',
  '{{a.b}}',
  '{{{x}}}',
  '{{../a}}',
  '{{@index}}',
  '{{@root.a}}',
  '{{#each list}}',
  '{{#each list as |x i|}}',
  '{{/each}}',
  '{{#if a}}',
  '{{else}}',
  '{{else if x}}',
  '{{/if}}',
  '{{^}}',
  '{{#with map}}',
  '{{/with}}',
  '{{#unless a}}',
  '{{/unless}}',
  '{{> tone}}',
  '{{> tone a=x}}',
  '{{upper a}}',
  '{{json (default a 1) 2}}',
  '{{join list}}',
  '{{indent a 2}}',
  '{{inc @index}}',
  '{{eq a 1}}',
  '{{lookup a "b"}}',
  '{{log a}}',
  '{{__proto__}}',
  '{{constructor}}',
  '{{!-- c --}}',
  '{{! c }}',
  '{{*d}}',
  '{{#*inline "a"}}',
  '{{/inline}}',
  '{{#> tone}}',
  '{{/tone}}',
  '{{{{raw}}}}',
  '{{{{/raw}}}}',
);
const prompt = fc.oneof(
  fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

describe('any text', () => {
  it('is checked without a crash, and what is accepted renders or raises a documented error', () => {
    fc.assert(
      fc.property(
        prompt,
        fc.dictionary(
          fc.constantFrom('a', 'x', 'list', 'map', 'b'),
          fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<never>,
        ),
        (text, data) => {
          const checked = checkPrompt({
            path: 'p.hbs',
            text,
            partial: (name) => (name === 'tone' ? { path: 'prompts/tone.hbs', text: '{{a}}!' } : undefined),
            known: () => 'yes',
          });
          for (const problem of checked.problems) {
            expect(problem.code).toMatch(CHECK_CODES);
            expect(problem.line).toBeGreaterThanOrEqual(1);
            expect(problem.column).toBeGreaterThanOrEqual(1);
          }
          expect(checked.prompt === null).toBe(checked.problems.length > 0);
          if (!checked.prompt) return;
          try {
            expect(typeof renderPrompt(checked.prompt, data, CAPS)).toBe('string');
          } catch (error) {
            expect(error).toBeInstanceOf(StagewrightError);
            expect((error as StagewrightError).code).toMatch(RENDER_CODES);
          }
        },
      ),
      { numRuns: 800 },
    );
  });
});

/**
 * Prompts that are correct for the data below, built as a tree. Values stand between texts, because Handlebars adds
 * numbers up when they follow each other unescaped (`{{1}}{{2}}` gives 3), which nobody wants of a prompt.
 */
const text = fc.constantFrom('x', ' ', '\n', 'a b\n', '  ', '\n\n', '& < >', '"');
const correct = fc.letrec<{ nodes: string; node: string }>((tie) => ({
  nodes: fc.array(tie('node'), { maxLength: 5 }).map((parts) => parts.join('')),
  node: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.constantFrom(
      '{{@root.a}}',
      '{{{@root.a}}}',
      '.{{~@root.n~}}.',
      '{{@root.map.k}}',
      '{{!-- c --}}',
      '\n{{> tone}}\n',
      '  {{> tone}}\n',
      '{{> tone a="&"}}',
    ),
    tie('nodes').map((inside) => `{{#each @root.list}}${inside}.{{@index}}.{{@first}}.{{this}}.{{/each}}`),
    tie('nodes').map(
      (inside) => `{{#each @root.objects as |o i|}}\n${inside}\n.{{o.t}}.{{i}}.{{t}}.{{/each}}`,
    ),
    tie('nodes').map((inside) => `{{#each @root.map}}${inside}.{{@key}}.{{@last}}.{{else}}never{{/each}}`),
    fc
      .tuple(tie('nodes'), tie('nodes'))
      .map(([yes, no]) => `\n{{#if @root.off}}\n${yes}\n{{else}}\n${no}\n{{/if}}\n`),
    fc
      .tuple(tie('nodes'), tie('nodes'))
      .map(([yes, no]) => `{{#unless @root.on}}${yes}{{else if @root.a}}${no}{{/unless}}`),
    tie('nodes').map((inside) => `{{~#with @root.map as |m|~}} ${inside} {{m.k}}{{k}}{{~/with}}`),
  ),
}));

describe('a correct prompt', () => {
  const data = {
    a: '<A>',
    n: 7,
    on: true,
    off: false,
    list: [1, 2],
    objects: [{ t: 'x' }, { t: 'y' }],
    map: { k: 'v', l: 'w' },
  };
  const tone = 'one {{@root.a}}\n\n two\n';

  it('renders as Handlebars itself renders it', () => {
    const reference = Handlebars.create();
    reference.registerPartial('tone', tone);
    fc.assert(
      fc.property(correct.nodes, (source) => {
        const expected = reference.compile(source, { noEscape: true, strict: true })(data);
        expect(renderPrompt({ path: 'p.hbs', source, partials: { tone } }, data, CAPS)).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });
});
