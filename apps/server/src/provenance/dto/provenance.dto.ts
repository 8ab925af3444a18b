import type { ProvenanceStatement } from '@stagewright/engine';
import { z } from 'zod';

import type { Envelope, PublicKey } from '../signing-key.ts';

const at = z.string().describe('ISO 8601 in UTC.');
const sha256 = z.object({ sha256: z.string() });
const step = z.object({
  stage: z.string(),
  task: z.string(),
  round: z.int(),
  attempt: z.int(),
  finishedOn: at,
  inputDigest: z.string().nullable(),
  outputDigest: z.string(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  reused: z.boolean(),
});
const decision = z.object({
  at,
  decision: z.enum([
    'started',
    'upgraded',
    'approved',
    'approved-by-deadline',
    'approval-kept',
    'changes-requested',
    'input-given',
    'input-kept',
  ]),
  stage: z.string().nullable(),
  round: z.int().nullable(),
  by: z.object({ kind: z.string(), id: z.string() }).nullable(),
});
const resource = z.object({
  name: z.string(),
  digest: z.object({ sha256: z.string().optional(), gitCommit: z.string().optional() }).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

export const statement: z.ZodType<ProvenanceStatement> = z
  .object({
    _type: z.literal('https://in-toto.io/Statement/v1'),
    subject: z.array(z.object({ name: z.string(), digest: sha256 })),
    predicateType: z.literal('urn:stagewright:provenance:v1'),
    predicate: z.object({
      buildDefinition: z.object({
        buildType: z.literal('urn:stagewright:run:v1'),
        externalParameters: z.object({ template: z.string(), version: z.string(), inputs: sha256 }),
        internalParameters: z.object({
          models: z.record(z.string(), z.object({ provider: z.string(), model: z.string() })),
          placeholder: z.boolean(),
        }),
        resolvedDependencies: z.array(resource),
      }),
      runDetails: z.object({
        builder: z.object({ id: z.string(), version: z.record(z.string(), z.string()) }),
        metadata: z.object({
          invocationId: z.string(),
          startedOn: at.nullable(),
          finishedOn: at.nullable(),
        }),
      }),
      origin: z.object({
        stage: z.string(),
        task: z.string(),
        round: z.int(),
        attempt: z.int(),
        inputDigest: z.string().nullable(),
      }),
      steps: z.array(step),
      decisions: z.array(decision),
    }),
  })
  .meta({ id: 'ProvenanceStatement' });

export const envelope: z.ZodType<Envelope> = z
  .object({
    payloadType: z.string(),
    payload: z.string().describe('Base64 of the statement in canonical JSON.'),
    signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })),
  })
  .meta({ id: 'Envelope' });

export const publicKey: z.ZodType<PublicKey> = z
  .object({ keyid: z.string(), algorithm: z.literal('ed25519'), pem: z.string() })
  .meta({ id: 'PublicKey' });
