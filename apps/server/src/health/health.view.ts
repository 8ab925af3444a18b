import { z } from 'zod';

export const livenessSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness' });

export const readinessSchema = z
  .object({
    status: z.enum(['ready', 'unavailable']),
    mode: z.enum(['embedded', 'distributed']),
    checks: z.object({
      database: z.object({ ok: z.boolean() }),
      registry: z.object({
        ok: z.boolean().describe('Templates are being served'),
        ageSeconds: z.number().nullable().describe('Seconds since the last sync that worked'),
        stale: z.boolean().describe('The last sync did not work; older templates serve'),
      }),
    }),
  })
  .meta({ id: 'Readiness' });

export type Liveness = z.output<typeof livenessSchema>;
export type Readiness = z.output<typeof readinessSchema>;
