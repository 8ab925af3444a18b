import { z } from 'zod';

export const livenessSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness' });

/** One thing that this process needs. The cause is a stable code and nothing more: anyone may ask. */
const check = z.object({
  ok: z.boolean(),
  cause: z.string().nullable().describe('Stable code of what is wrong; null when nothing is'),
});
export type Check = z.output<typeof check>;

export const readinessSchema = z
  .object({
    status: z.enum(['ready', 'degraded', 'unavailable']),
    mode: z.enum(['embedded', 'distributed']),
    checks: z.object({
      database: check.describe('It answers'),
      registry: check
        .extend({
          ageSeconds: z.number().nullable().describe('Seconds since the last sync that worked'),
          stale: z.boolean().describe('The last sync did not work; older templates serve'),
        })
        .describe('Templates are being served'),
      work: check.describe('Work is found and begun'),
      queue: check.describe('Work goes from one process to another; without it, it is found in the database'),
    }),
  })
  .meta({ id: 'Readiness' });

export type Liveness = z.output<typeof livenessSchema>;
export type Readiness = z.output<typeof readinessSchema>;
