import { isPromptName } from '@stagewright/engine/template';
import { z } from 'zod';

import { changeMessage, expectedDigest, jsonDocument } from '../registry/index.ts';

const name = z.string().refine(isPromptName, 'is no name of a prompt');
const whole = (least: number, most: number, fallback: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback);
const commit = z.string().regex(/^[0-9a-f]{40}$/, 'is no full commit id');

export const promptName = z.object({ name });
export type PromptName = z.output<typeof promptName>;

export const promptsPage = z.strictObject({ skip: whole(0, 100_000, 0), limit: whole(1, 100, 50) });
export type PromptsPage = z.output<typeof promptsPage>;

export const addPromptBody = z.strictObject({
  name: name.describe('Lower-case letters, digits, "-" and "_"; folders with "/"'),
  text: z.string().min(1).describe('The whole file: Handlebars, with front matter if wanted'),
  message: changeMessage.optional(),
});
export type AddPromptBody = z.output<typeof addPromptBody>;

export const changePromptBody = z.strictObject({
  text: z.string().min(1).describe('The whole file: Handlebars, with front matter if wanted'),
  expected: expectedDigest.optional(),
  message: changeMessage.optional(),
});
export type ChangePromptBody = z.output<typeof changePromptBody>;

export const removePromptQuery = z.strictObject({
  expected: expectedDigest.optional(),
  message: changeMessage.optional(),
});
export type RemovePromptQuery = z.output<typeof removePromptQuery>;

export const renderPromptBody = z.strictObject({
  variables: jsonDocument.describe('What the prompt reads, such as {"inputs": {"topic": "Tea"}}'),
});
export type RenderPromptBody = z.output<typeof renderPromptBody>;

export const promptDiffQuery = z.strictObject({
  from: commit.optional().describe('Default: the commit that changed it before the last one'),
  to: commit.optional().describe('Default: the commit that is served'),
});
export type PromptDiffQuery = z.output<typeof promptDiffQuery>;
