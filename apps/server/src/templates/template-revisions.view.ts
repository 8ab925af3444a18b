import { AREAS, RULES } from '@stagewright/engine/template';
import type { RuleName } from '@stagewright/engine/template';
import { z } from 'zod';

import { templateRevisionSchema } from './template.view.ts';

const RULE_NAMES = Object.keys(RULES) as [RuleName, ...RuleName[]];
const bumpSchema = z.enum(['patch', 'minor', 'major']);

const changeSchema = z
  .object({
    area: z.enum(AREAS),
    path: z.string().describe('What is different: `stages.outline.approval`'),
    rule: z.enum(RULE_NAMES).describe('docs/reference/versions.md lists them'),
    bump: bumpSchema,
    summary: z.string(),
    why: z.string(),
    lines: z
      .array(z.object({ sign: z.enum([' ', '-', '+']), text: z.string() }))
      .optional()
      .describe('Texts of several lines, such as prompts'),
  })
  .meta({ id: 'TemplateChange' });

export const templateDiffSchema = z
  .object({
    from: templateRevisionSchema,
    to: templateRevisionSchema,
    changes: z.array(changeSchema),
    required: bumpSchema.nullable().describe('Highest class among the changes'),
    version: z.object({
      from: z.string(),
      to: z.string(),
      needed: bumpSchema.nullable(),
      given: bumpSchema.nullable(),
      enough: z.boolean(),
      least: z.string().describe('The lowest version that would be enough'),
    }),
    files: z.array(z.string()).describe('Registry paths of the files whose bytes are different'),
  })
  .meta({ id: 'TemplateDiff' });

export const templateHistorySchema = z
  .object({
    items: z.array(
      templateRevisionSchema.extend({
        change: z
          .object({ author: z.string(), at: z.string(), subject: z.string() })
          .nullable()
          .describe('What Git says of the commit; null when the mirror of the server does not have it'),
      }),
    ),
    total: z.number().int(),
  })
  .meta({ id: 'TemplateHistory' });

export const templateUsageSchema = z
  .object({
    items: z.array(
      templateRevisionSchema.extend({
        runs: z
          .record(z.string(), z.number().int())
          .describe('State -> runs; states without one are left out'),
      }),
    ),
    countedOfEachState: z
      .number()
      .int()
      .describe('Of a state with more runs than this, the newest are counted'),
  })
  .meta({ id: 'TemplateUsage' });

export const diffQuerySchema = z.strictObject({
  from: z.string().min(1).max(128).describe('Commit or digest of a revision'),
  to: z.string().min(1).max(128).optional().describe('The same; default: what is served now'),
});

export type TemplateDiffView = z.output<typeof templateDiffSchema>;
export type TemplateHistory = z.output<typeof templateHistorySchema>;
export type TemplateUsage = z.output<typeof templateUsageSchema>;
export type DiffQuery = z.output<typeof diffQuerySchema>;
