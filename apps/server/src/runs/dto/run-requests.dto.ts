import type { Json, JsonObject, RunState } from '@stagewright/engine';
import { z } from 'zod';

import { after } from './list-cursor.ts';

// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;
const line = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine((text) => !CONTROL.test(text), 'holds control characters');
const text = z.string().max(20_000);
/** The parser of the HTTP server made it, so it is JSON. */
const json = z.unknown() as unknown as z.ZodType<Json, Json>;
const jsonObject = z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonObject, JsonObject>;
const stage = z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'is no stage id');
const task = z.string().regex(/^[a-z][a-z0-9_-]{0,63}(\/\d{1,6})?$/, 'is no task id');
const round = z.int().min(1).max(1_000).describe('Round of the stage that the decision is about.');

export const RUN_STATES = [
  'draft',
  'running',
  'approval_pending',
  'input_pending',
  'paused',
  'done',
  'failed',
  'cancelled',
] as const satisfies readonly RunState[];

export const runId = z.string().min(1).max(128);
const skip = z.coerce.number().int().min(0).max(1_000_000).default(0);
const limit = z.coerce.number().int().min(1).max(100).default(50);
export const pageQuery = z.object({ skip, limit });
export type PageQuery = z.infer<typeof pageQuery>;
export const runsQuery = z.object({
  skip,
  limit,
  state: z.enum(RUN_STATES).optional(),
  template: z.string().max(64).optional(),
  after,
});
export type RunsQuery = z.infer<typeof runsQuery>;
export const attemptsQuery = z.object({ skip, limit, stage: stage.optional(), task: task.optional() });
export type AttemptsQuery = z.infer<typeof attemptsQuery>;

export const createRunBody = z.strictObject({
  template: z.string().min(1).max(64),
  revision: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Commit or digest; default is what the registry serves now.'),
  title: line(200).optional(),
  inputs: jsonObject.default({}),
  start: z.boolean().optional().describe('False leaves the run a draft.'),
});
export type CreateRunBody = z.infer<typeof createRunBody>;

export const approveBody = z.strictObject({ stage, round, comment: text.optional() });
export type ApproveBody = z.infer<typeof approveBody>;

const comment = z.strictObject({
  body: text.min(1),
  task: task.optional(),
  path: z.string().max(1_000).optional().describe('JSON pointer into the output of the task.'),
  line: z.int().min(1).optional(),
});
export const requestChangesBody = z.strictObject({
  stage,
  round,
  comments: z.array(comment).min(1).max(100),
  tasks: z.array(task).min(1).max(1_000).optional().describe('Only these tasks are made again.'),
});
export type RequestChangesBody = z.infer<typeof requestChangesBody>;

export const submitInputBody = z.strictObject({ stage, task: task.optional(), input: json });
export type SubmitInputBody = z.infer<typeof submitInputBody>;

// Verbs whose every field may be left out also take no body at all.
const orNothing = <T extends z.ZodType>(schema: T) => z.preprocess((body) => body ?? {}, schema);
export const nextStageBody = orNothing(z.strictObject({ stage: stage.optional() }));
export type NextStageBody = z.infer<typeof nextStageBody>;
export const resumeBody = orNothing(
  z.strictObject({ budgetUsd: z.number().positive().max(1_000_000).optional() }),
);
export type ResumeBody = z.infer<typeof resumeBody>;
export const cancelBody = orNothing(z.strictObject({ reason: line(2_000).optional() }));
export type CancelBody = z.infer<typeof cancelBody>;
export const resolveBody = z.strictObject({
  task: z
    .string()
    .regex(/^([a-z][a-z0-9_-]{0,63}(\/\d{1,6})?|end-action:\d{1,6})$/, 'is no task id')
    .describe('A task, or `end-action:<index>`.'),
  attempt: z.int().min(1).describe('The attempt whose outcome is in doubt.'),
  outcome: z.enum(['done', 'repeat', 'fail']).describe('It happened; it did not, do it again; give it up.'),
  output: json.optional().describe('What it gave, when it is done. Must satisfy the contract.'),
  comment: text.optional(),
});
export type ResolveBody = z.infer<typeof resolveBody>;
export const rerunBody = z.strictObject({ from: stage });
export type RerunBody = z.infer<typeof rerunBody>;
export const upgradeBody = orNothing(z.strictObject({ revision: z.string().min(1).max(64).optional() }));
export type UpgradeBody = z.infer<typeof upgradeBody>;
