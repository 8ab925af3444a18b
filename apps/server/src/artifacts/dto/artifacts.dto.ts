import { z } from 'zod';

/** `?name=` of an upload that is no form. */
export const uploadQuery = z.object({ name: z.string().max(1_000).optional() });
export type UploadQuery = z.infer<typeof uploadQuery>;

export const artifactId = z.string().min(1).max(128);

const run = z.object({ id: z.string(), stage: z.string(), task: z.string(), attempt: z.int() });

export const artifactRefResponse = z.object({
  artifact: z.string().describe('Id of the artifact.'),
  name: z.string(),
  type: z.string(),
  mediaType: z.string(),
  size: z.int().describe('Bytes.'),
  digest: z.string().describe('sha256 of the bytes.'),
});

export const artifactResponse = artifactRefResponse.extend({
  run: run.nullable().describe('Where it was made; null for an upload.'),
  metadata: z.record(z.string(), z.unknown()),
  createdAt: z.iso.datetime(),
});

export const artifactList = z.object({ items: z.array(artifactResponse) });
