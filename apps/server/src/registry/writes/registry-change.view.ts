import { z } from 'zod';

import { findingSchema } from '../registry.view.ts';
import type { WrittenChange } from './registry-writer.ts';

const revisionSchema = z
  .object({ template: z.string(), version: z.string(), commit: z.string(), digest: z.string() })
  .meta({ id: 'Revision' });

/** What became of a template or prompt that was sent. */
export const changedSchema = z
  .object({
    name: z.string(),
    commit: z.string().describe('Commit that has it'),
    branch: z.string().describe('The branch that is served, or one that is ready for a pull request'),
    changed: z.boolean().describe('False: the registry had exactly this already'),
    served: z.boolean().describe('New runs use it; false until the branch is merged and the registry synced'),
    contentDigest: z
      .string()
      .nullable()
      .describe('Names the content: send it as "expected" with the next change. Null when it is gone'),
    revision: revisionSchema.nullable().describe('What a run of the template would use'),
    findings: z.array(findingSchema).describe('Warnings'),
  })
  .meta({ id: 'RegistryChange' });

export type ChangedView = z.output<typeof changedSchema> & WrittenChange;

// eslint-disable-next-line no-control-regex -- a message of one line without what a terminal would act upon
const NOT_IN_A_LINE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

export const changeMessage = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !NOT_IN_A_LINE.test(text), 'holds control characters or line ends')
  .describe('Subject of the commit, one line');

export const expectedDigest = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'is no content digest')
  .describe('contentDigest of what you have changed; another present content is a conflict');
