import { describe, expect, it } from '@jest/globals';
import { filesFromMap } from './registry-files.ts';
import { promptNames, readSharedPrompt, stagesByPrompt } from './shared-prompt.ts';

const files = (all: Record<string, string | Uint8Array>) => filesFromMap(new Map(Object.entries(all)));
const variables = (text: string, others: Record<string, string> = {}) =>
  readSharedPrompt(files({ ...others, 'prompts/a.hbs': text }), 'a')?.variables.map(
    ({ name, required }) => `${name}${required ? '' : '?'}`,
  );

describe('a shared prompt', () => {
  it.each<[string, string, string[]]>([
    ['what it writes', '{{a}}{{b.c}}', ['a', 'b.c']],
    ['what a helper takes', '{{upper a}}{{default b "x"}}{{join c ","}}', ['a', 'b?', 'c']],
    [
      'what it asks for, and what follows from it',
      '{{#if a}}{{b}}{{else}}{{c}}{{/if}}{{#unless d}}{{/unless}}',
      ['a?', 'b?', 'c?', 'd?'],
    ],
    ['what a helper takes in a condition', '{{#if (eq a "x")}}{{/if}}{{#if (upper b)}}{{/if}}', ['a?', 'b']],
    [
      'lists and their items',
      '{{#each a}}{{b}}{{@root.c}}{{/each}}{{#each d}}{{else}}{{e}}{{/each}}',
      ['a[].b?', 'c?', 'd?', 'e?'],
    ],
    ['the same here for certain and there perhaps', '{{#if a}}{{b}}{{/if}}{{b}}', ['a?', 'b']],
    ['what a partial reads, but not what it is given', '{{> tone mood=a}}', ['a', 'b.c']],
  ])('reads %s', (_what, text, found) => {
    expect(
      variables(text, { 'prompts/tone.hbs': '---\nvariables: [mood, b]\n---\n{{mood}}{{b.c}}' }),
    ).toEqual(found);
  });

  it('tells what its front matter says, and what is wrong with it', () => {
    const read = readSharedPrompt(
      files({ 'prompts/a.hbs': '---\ntitle: T\ndescription: D\nvariables: [x]\n---\n{{x}}' }),
      'a',
    );
    expect(read).toMatchObject({ title: 'T', description: 'D', declared: ['x'], findings: [] });
    expect(read?.prompt).not.toBeNull();
    const broken = readSharedPrompt(files({ 'prompts/a.hbs': '{{#each x}}' }), 'a');
    expect(broken).toMatchObject({
      prompt: null,
      findings: [{ code: 'PROMPT_SYNTAX', file: 'prompts/a.hbs' }],
    });
    expect(readSharedPrompt(files({ 'prompts/a.hbs': new Uint8Array([0xff]) }), 'a')).toMatchObject({
      text: null,
      prompt: null,
      findings: [{ code: 'TEMPLATE_ENCODING' }],
    });
    expect(readSharedPrompt(files({}), 'a')).toBeNull();
  });

  it('is known by its path below prompts/', () => {
    const all = {
      'prompts/b/c.hbs': '',
      'prompts/a.hbs': '',
      'prompts/A.hbs': '',
      'prompts/x.md': '',
      'templates/t/prompts/d.hbs': '',
    };
    expect(promptNames(files(all))).toEqual(['a', 'b/c']);
  });

  it('is found in the stages that name it', () => {
    const stages = {
      'stages/b.yaml': 'mode: ai\nprompt: prompts/a.hbs\nsystem: prompts/a.hbs\n',
      'stages/a.yaml': 'mode: cli_loop\nrepair: prompts/a.hbs\n',
      'stages/c.yaml': 'mode: [',
      'stages/d.yaml': 'mode: ai\nprompt: prompts/b.hbs\n',
    };
    expect([...stagesByPrompt(files(stages))]).toEqual([
      ['prompts/a.hbs', ['stages/a', 'stages/b']],
      ['prompts/b.hbs', ['stages/d']],
    ]);
  });
});
