import { describe, expect, it } from '@jest/globals';

import { changePromptBody, promptName, renderPromptBody } from '../prompts/prompts.dto.ts';
import { addTemplateBody, changeTemplateBody, removeQuery, templateName } from './template-writes.dto.ts';

const nested = (levels: number): unknown => JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels));
const sound = { template: 'name: tea', files: { 'README.md': 'x' } };

describe('what is sent to be written', () => {
  it.each<[string, { safeParse(value: unknown): { success: boolean } }, unknown]>([
    ['a template as text', addTemplateBody, sound],
    ['a template as JSON', addTemplateBody, { template: { name: 'tea' } }],
    ['a template with a message', addTemplateBody, { ...sound, message: 'Tea: für alle, "now"' }],
    ['a change with what was seen', changeTemplateBody, { ...sound, expected: 'a'.repeat(64) }],
    ['values as deep as they may be', renderPromptBody, { variables: nested(64) }],
    ['a prompt in a folder', promptName, { name: 'letters/greeting' }],
  ])('may be %s', (_what, schema, value) => expect(schema.safeParse(value).success).toBe(true));

  it.each<[string, { safeParse(value: unknown): { success: boolean } }, unknown]>([
    ['nothing', addTemplateBody, {}],
    ['a list', addTemplateBody, { template: [] }],
    ['files that are no text', addTemplateBody, { ...sound, files: { a: 1 } }],
    ['an unknown key', addTemplateBody, { ...sound, branch: 'main' }],
    ['a template as deep as a stack', addTemplateBody, { template: nested(50_000) }],
    ['values as deep as a stack', renderPromptBody, { variables: nested(65) }],
    ['a message of two lines', addTemplateBody, { ...sound, message: 'a\n\nSigned-off-by: b' }],
    ['a message that is one line to a terminal', addTemplateBody, { ...sound, message: 'a\u2028b' }],
    ['an empty message', removeQuery, { message: ' ' }],
    ['a digest that is none', changePromptBody, { text: 'x', expected: 'main' }],
    ['a template outside of its folder', templateName, { name: '../tea' }],
    ['a prompt outside of its folder', promptName, { name: 'a/../b' }],
    ['a prompt that is an option', promptName, { name: '--output' }],
  ])('may not be %s', (_what, schema, value) => expect(schema.safeParse(value).success).toBe(false));
});
