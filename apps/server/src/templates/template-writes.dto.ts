import { z } from 'zod';

import { changeMessage, expectedDigest, jsonDocument } from '../registry/index.ts';

const template = z

  .union([z.string().min(1), jsonDocument])
  .describe('template.yaml, as YAML text or as JSON');
const files = z
  .record(z.string().max(1_000), z.string())
  .describe(
    'The other files of its folder: path -> text, such as prompts/outline.hbs, schemas/outline.json, README.md',
  );

export const addTemplateBody = z.strictObject({
  template,
  files: files.default({}),
  message: changeMessage.optional(),
});
export type AddTemplateBody = z.output<typeof addTemplateBody>;

export const changeTemplateBody = z.strictObject({
  template,
  files: files.optional().describe('As with POST; without it, the other files stay as they are'),
  expected: expectedDigest.optional(),
  message: changeMessage.optional(),
});
export type ChangeTemplateBody = z.output<typeof changeTemplateBody>;

export const removeQuery = z.strictObject({
  expected: expectedDigest.optional(),
  message: changeMessage.optional(),
});
export type RemoveQuery = z.output<typeof removeQuery>;

export const templateName = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'is no name of a template'),
});
export type TemplateName = z.output<typeof templateName>;

export const templateSourceSchema = z
  .object({
    name: z.string(),
    commit: z.string().describe('Commit of the registry that it was read from'),
    contentDigest: z.string(),
    template: z.string().describe('template.yaml'),
    files: z.record(z.string(), z.string()).describe('Its other files: path -> text'),
    otherFiles: z
      .array(z.string())
      .describe('Files that are no text; a change over the API leaves them alone'),
  })
  .meta({ id: 'TemplateSource' });
export type TemplateSource = z.output<typeof templateSourceSchema>;
