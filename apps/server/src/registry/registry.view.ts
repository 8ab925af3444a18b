import type { Finding } from '@stagewright/engine';
import { z } from 'zod';

/** Something wrong in a file of the registry, as in the editor and in `stagewright check`. */
export const findingSchema = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning']),
    message: z.string(),
    hint: z.string().optional(),
    file: z.string(),
    line: z.number().int(),
    column: z.number().int(),
    endLine: z.number().int().optional(),
    endColumn: z.number().int().optional(),
  })
  .meta({ id: 'Finding' }) satisfies z.ZodType<Finding>;

const registryTemplateSchema = z
  .object({
    name: z.string(),
    version: z.string(),
    commit: z.string().describe('Commit at which this content was first served'),
    digest: z.string(),
    broken: z.boolean().describe('The present commit breaks it, so an older revision goes on serving'),
  })
  .meta({ id: 'RegistryTemplate' });

export const registryViewSchema = z
  .object({
    url: z.string().describe('"shipped" for the registry that comes with the product'),
    ref: z.string(),
    commit: z.string().nullable(),
    syncedAt: z.string().nullable(),
    ageSeconds: z.number().nullable().describe('Seconds since the last sync that worked'),
    failure: z.string().nullable().describe('Why the last sync did not work'),
    templates: z.array(registryTemplateSchema),
    findings: z.array(findingSchema),
  })
  .meta({ id: 'Registry' });

/** What is read of a webhook. Git hosts differ in all else. */
export const pushSchema = z
  .object({ ref: z.string().max(500).optional().describe('Full name of the ref that was pushed to') })
  .meta({ id: 'Push' });

export const webhookAnswerSchema = z
  .object({ syncs: z.boolean().describe('The push was to the ref that serves, so the registry is read now') })
  .meta({ id: 'WebhookAnswer' });

export type Push = z.output<typeof pushSchema>;
export type WebhookAnswer = z.output<typeof webhookAnswerSchema>;
export type RegistryView = z.output<typeof registryViewSchema>;
