import { z } from 'zod';

const whole = (most: number, fallback: number) => z.coerce.number().int().min(0).max(most).default(fallback);

export const pageQuerySchema = z.strictObject({
  skip: whole(1_000_000, 0).describe('Left out at the beginning'),
  limit: whole(200, 50).describe('At most so many'),
});

export const templateQuerySchema = pageQuerySchema.extend({
  type: z.string().max(64).optional().describe('Workflow type'),
  category: z.string().max(128).optional().describe('Label "category"'),
});

export const templateParamsSchema = z.object({ name: z.string().max(64) });

export const revisionQuerySchema = z.strictObject({
  revision: z.string().min(1).max(128).optional().describe('Commit or digest; default: what is served now'),
});

export type RevisionQuery = z.output<typeof revisionQuerySchema>;
export type PageQuery = z.output<typeof pageQuerySchema>;
export type TemplateQuery = z.output<typeof templateQuerySchema>;
export type TemplateParams = z.output<typeof templateParamsSchema>;
