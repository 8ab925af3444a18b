import { z } from 'zod';

import { findingSchema } from '../registry/index.ts';

const variableSchema = z
  .object({
    name: z.string().describe('As one writes it, such as inputs.topic'),
    required: z
      .boolean()
      .describe('Every rendering needs it; false: it is read in a condition, a list or with a default'),
  })
  .meta({ id: 'PromptVariable' });

const usedBySchema = z
  .object({
    templates: z
      .array(z.string())
      .describe('Templates that are served and use it, also through a stage or another prompt'),
    stages: z.array(z.string()).describe('Reusable stages that name it'),
    prompts: z.array(z.string()).describe('Prompts that include it'),
  })
  .meta({ id: 'PromptUses' });

const promptSummarySchema = z
  .object({
    name: z.string(),
    title: z.string().nullable(),
    description: z.string().nullable(),
    variables: z.array(variableSchema),
    usedBy: usedBySchema,
    broken: z.boolean(),
  })
  .meta({ id: 'PromptSummary' });

export const promptListSchema = z
  .object({ items: z.array(promptSummarySchema), total: z.number().int() })
  .meta({ id: 'PromptList' });

export const promptViewSchema = promptSummarySchema
  .extend({
    commit: z.string().describe('Commit of the registry that it was read from'),
    contentDigest: z.string().describe('Send it as "expected" with a change'),
    text: z.string().nullable().describe('The whole file, front matter included; null when it is no text'),
    declared: z
      .array(z.string())
      .nullable()
      .describe('"variables" of the front matter: all that it may read. Null when it says nothing'),
    partials: z.array(z.string()).describe('Prompts that it includes'),
    findings: z.array(findingSchema),
  })
  .meta({ id: 'Prompt' });

export const renderedSchema = z.object({ text: z.string() }).meta({ id: 'RenderedPrompt' });

const commitSchema = z
  .object({ commit: z.string(), author: z.string(), at: z.string(), subject: z.string() })
  .meta({ id: 'RegistryCommit' });

export const promptHistorySchema = z.object({ items: z.array(commitSchema) }).meta({ id: 'PromptHistory' });

export const promptDiffSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    changed: z.boolean(),
    diff: z.string().describe('Unified diff; empty when nothing changed'),
  })
  .meta({ id: 'PromptDiff' });

export type PromptSummary = z.output<typeof promptSummarySchema>;
export type PromptList = z.output<typeof promptListSchema>;
export type PromptView = z.output<typeof promptViewSchema>;
export type RenderedPrompt = z.output<typeof renderedSchema>;
export type PromptHistory = z.output<typeof promptHistorySchema>;
export type PromptDiff = z.output<typeof promptDiffSchema>;
