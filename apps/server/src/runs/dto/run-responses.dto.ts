import type {
  Actor,
  ArtifactRef,
  AttemptRecord,
  Failure,
  Json,
  Range,
  RunPreview,
  RunView,
  RunWait,
  StagePreview,
  StageView,
  TaskView,
  Timer,
  Usage,
} from '@stagewright/engine';
import { z } from 'zod';

import type { RunSummary } from '../sql/list-runs.ts';
import { listEnd } from './list-cursor.ts';
import { RUN_STATES } from './run-requests.dto.ts';

// Each schema is annotated with the type that it describes: the two cannot drift apart without a compile error.
const json = z.unknown() as unknown as z.ZodType<Json>;
const jsonObject = z.record(z.string(), json);
const at = z.string().describe('ISO 8601 in UTC.');

export const actor: z.ZodType<Actor> = z
  .object({
    kind: z.enum(['user', 'client', 'schedule', 'system']),
    id: z.string(),
    roles: z.array(z.string()).optional(),
  })
  .meta({ id: 'Actor' });
const usage: z.ZodType<Usage> = z
  .object({
    inputTokens: z.int(),
    outputTokens: z.int(),
    usd: z.number().nullable(),
  })
  .meta({ id: 'Usage' });
const failure: z.ZodType<Failure> = z
  .object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    retryable: z.boolean(),
    retryAfterMs: z.number().optional(),
    details: jsonObject.optional(),
  })
  .meta({ id: 'Failure' });
export const artifactRef: z.ZodType<ArtifactRef> = z
  .object({
    artifact: z.string(),
    name: z.string(),
    type: z.string(),
    mediaType: z.string(),
    size: z.int(),
    digest: z.string(),
  })
  .meta({ id: 'ArtifactRef' });

const timer: z.ZodType<Timer> = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('retry'), task: z.string(), attempt: z.int(), at }),
    z.object({ kind: z.literal('deadline'), stage: z.string(), round: z.int(), at }),
    z.object({ kind: z.literal('end-action-retry'), index: z.int(), attempt: z.int(), at }),
  ])
  .meta({ id: 'Timer' });
export const runWait: z.ZodType<RunWait> = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('approval'),
      stage: z.string(),
      round: z.int(),
      deadline: at.nullable(),
      approvers: z.array(z.string()),
    }),
    z.object({
      kind: z.literal('input'),
      stage: z.string(),
      task: z.string(),
      assignees: z.array(z.string()),
    }),
    z.object({
      kind: z.literal('review'),
      stage: z.string(),
      task: z.string(),
      attempt: z.int(),
      code: z.string(),
      message: z.string(),
    }),
    z.object({ kind: z.literal('advance'), stage: z.string() }),
    z.object({ kind: z.literal('budget'), usd: z.number(), spent: z.number() }),
    z.object({ kind: z.literal('timer'), timer }),
  ])
  .meta({ id: 'RunWait' });

const comment = z.object({
  body: z.string(),
  task: z.string().optional(),
  path: z.string().optional(),
  line: z.int().optional(),
});
const taskView: z.ZodType<TaskView> = z
  .object({
    id: z.string(),
    index: z.int(),
    state: z.enum(['pending', 'queued', 'processing', 'done', 'failed', 'skipped', 'cancelled']),
    attempt: z.int(),
    error: failure.nullable(),
    retryAt: at.nullable(),
    artifacts: z.array(artifactRef),
  })
  .meta({ id: 'TaskView' });
export const stageView: z.ZodType<StageView> = z
  .object({
    id: z.string(),
    name: z.string(),
    mode: z.enum(['ai', 'manual', 'system', 'cli_loop']),
    sequence: z.int(),
    state: z.enum([
      'pending',
      'ready',
      'running',
      'approval_pending',
      'input_pending',
      'done',
      'failed',
      'skipped',
      'cancelled',
    ]),
    round: z.int(),
    tasks: z.array(taskView),
    output: json,
    error: failure.nullable(),
    approval: z
      .object({
        round: z.int(),
        approvers: z.array(z.string()),
        quorum: z.int(),
        deadline: at.nullable(),
        escalated: z.boolean(),
        given: z.array(z.object({ actor, at, comment: z.string().nullable() })),
      })
      .nullable(),
    changes: z.array(z.object({ round: z.int(), actor, comments: z.array(comment) })),
    startedAt: at.nullable(),
    endedAt: at.nullable(),
  })
  .meta({ id: 'StageView' });

const revision = z.object({
  template: z.string(),
  version: z.string(),
  commit: z.string(),
  digest: z.string(),
});
export const runView: z.ZodType<RunView> = z
  .object({
    id: z.string(),
    title: z.string(),
    template: z.string(),
    revision,
    state: z.enum(RUN_STATES),
    progress: z.number().min(0).max(100),
    version: z.int(),
    inputs: jsonObject,
    outputs: jsonObject.nullable(),
    error: failure.nullable(),
    spent: usage,
    budgetUsd: z.number().nullable(),
    placeholder: z.boolean(),
    createdBy: actor,
    createdAt: at,
    startedAt: at.nullable(),
    endedAt: at.nullable(),
    stages: z.array(stageView),
    artifacts: z.array(artifactRef),
    waitingFor: z.array(runWait),
  })
  .meta({ id: 'RunView' });

const range: z.ZodType<Range> = z
  .object({ least: z.number(), most: z.number().nullable().describe('Null when nobody knows.') })
  .meta({ id: 'Range' });
const stagePreview: z.ZodType<StagePreview> = z
  .object({
    stage: z.string(),
    name: z.string(),
    mode: z.enum(['ai', 'manual', 'system', 'cli_loop']),
    verdict: z.enum(['keep', 'reuse', 'make', 'ask', 'depends', 'skip', 'wait', 'fail']),
    dependsOn: z.array(z.string()).describe('Stages that have to be there before it is known.'),
    tasks: z.object({ make: z.int(), reuse: z.int() }).nullable(),
    approval: z.enum(['none', 'stands', 'again', 'depends']),
    error: failure.nullable(),
    usd: range,
    tokens: range,
  })
  .meta({ id: 'StagePreview' });
export const runPreview: z.ZodType<RunPreview> = z
  .object({
    run: z.string(),
    verb: z.enum(['retry', 'rerun', 'upgrade']),
    revision,
    stages: z.array(stagePreview),
    usd: range,
    tokens: range,
  })
  .meta({ id: 'RunPreview' });

const runSummary: z.ZodType<RunSummary> = z
  .object({
    id: z.string(),
    title: z.string(),
    template: z.string(),
    revision: z.string().describe('Content digest.'),
    state: z.enum(RUN_STATES),
    progress: z.number(),
    version: z.int(),
    spent: usage,
    createdBy: actor,
    createdAt: at,
    startedAt: at.nullable(),
    endedAt: at.nullable(),
  })
  .meta({ id: 'RunSummary' });
export const runList = z.object({ items: z.array(runSummary), ...listEnd });

const attempt: z.ZodType<AttemptRecord> = z
  .object({
    task: z.string(),
    stage: z.string(),
    round: z.int(),
    attempt: z.int(),
    state: z.enum(['processing', 'done', 'failed', 'cancelled']),
    startedAt: at,
    endedAt: at.nullable(),
    provider: z.string().nullable(),
    model: z.string().nullable(),
    sent: json,
    output: json,
    raw: z.string().nullable(),
    toolCalls: z.array(
      z.object({ id: z.string(), action: z.string(), input: json, output: json, error: failure.nullable() }),
    ),
    usage: usage.nullable(),
    error: failure.nullable(),
    log: z.array(z.object({ at, level: z.string(), message: z.string() })),
  })
  .meta({ id: 'AttemptRecord' });
export const stageList = z.object({ items: z.array(stageView) });
export const attemptList = z.object({ items: z.array(attempt) });
