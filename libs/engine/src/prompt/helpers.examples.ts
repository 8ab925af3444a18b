import type { JsonObject } from '../vocabulary.ts';

/** One use of a helper: shown in docs/reference/prompts.md and executed by a test. */
export interface HelperExample {
  prompt: string;
  data: JsonObject;
  gives: string;
}

export const HELPER_EXAMPLES: Readonly<Record<string, readonly HelperExample[]>> = {
  and: [
    {
      prompt: '{{#if (and draft facts)}}Check it.{{else}}Wait.{{/if}}',
      data: { draft: 'Tea', facts: [] },
      gives: 'Wait.',
    },
  ],
  default: [
    { prompt: 'For {{default audience "everyone"}}.', data: {}, gives: 'For everyone.' },
    { prompt: 'For {{default audience "everyone"}}.', data: { audience: 'cooks' }, gives: 'For cooks.' },
  ],
  eq: [
    { prompt: '{{#if (eq tone "formal")}}No jokes.{{/if}}', data: { tone: 'formal' }, gives: 'No jokes.' },
  ],
  inc: [
    {
      prompt: '{{#each steps}}{{inc @index}}. {{this}} {{/each}}',
      data: { steps: ['Boil', 'Pour'] },
      gives: '1. Boil 2. Pour ',
    },
  ],
  indent: [
    { prompt: 'Quote:\n{{indent text 2}}', data: { text: 'one\n\ntwo' }, gives: 'Quote:\n  one\n\n  two' },
  ],
  join: [
    { prompt: '{{join tags}}', data: { tags: ['tea', 'water'] }, gives: 'tea, water' },
    { prompt: '{{join tags " | "}}', data: { tags: ['tea', 'water'] }, gives: 'tea | water' },
  ],
  json: [
    {
      prompt: '{{json chapter}}',
      data: { chapter: { title: 'Tea', pages: 3 } },
      gives: '{"title":"Tea","pages":3}',
    },
    { prompt: '{{json chapter 2}}', data: { chapter: { title: 'Tea' } }, gives: '{\n  "title": "Tea"\n}' },
  ],
  length: [{ prompt: '{{length chapters}} chapters', data: { chapters: [1, 2, 3] }, gives: '3 chapters' }],
  lower: [{ prompt: '{{lower title}}', data: { title: 'Green TEA' }, gives: 'green tea' }],
  ne: [
    { prompt: '{{#if (ne language "en")}}Translate.{{/if}}', data: { language: 'de' }, gives: 'Translate.' },
  ],
  not: [
    {
      prompt: '{{#if (not sources)}}Name no sources.{{/if}}',
      data: { sources: [] },
      gives: 'Name no sources.',
    },
  ],
  or: [
    {
      prompt: '{{#if (or notes sources)}}Use them.{{/if}}',
      data: { notes: '', sources: ['a'] },
      gives: 'Use them.',
    },
  ],
  upper: [{ prompt: '{{upper title}}', data: { title: 'Green tea' }, gives: 'GREEN TEA' }],
};
