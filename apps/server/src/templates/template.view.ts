import type { Finding, Plan, PlannedStage, Revision } from '@stagewright/engine';
import { z } from 'zod';

import type { Revision as RevisionRow } from '../database/entities/index.ts';
import { findingSchema } from '../registry/index.ts';

const jsonObject = z.record(z.string(), z.unknown());

const revisionRefSchema = z
  .object({ template: z.string(), version: z.string(), commit: z.string(), digest: z.string() })
  .meta({ id: 'Revision' });

const templateSummarySchema = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    type: z.string().describe('Workflow type, such as "ebook"'),
    labels: z.record(z.string(), z.string()),
    owners: z.array(z.string()),
    revision: revisionRefSchema,
    broken: z.boolean().describe("The registry's present commit breaks it, so an older revision serves"),
  })
  .meta({ id: 'TemplateSummary' });

const gateSchema = z
  .object({
    approvers: z.array(z.string()),
    quorum: z.number().int(),
    selfApproval: z.boolean(),
    deadlineMs: z.number().nullable(),
    onDeadline: z.enum(['escalate', 'approve', 'fail']).nullable(),
    maxAttempts: z.number().int(),
  })
  .meta({ id: 'Gate' });

const templateStageSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    mode: z.enum(['ai', 'manual', 'system', 'cli_loop']),
    sequence: z.number().int(),
    needs: z.array(z.string()),
    uses: z.string().nullable().describe('Action of a system stage'),
    forEach: z.boolean(),
    approval: gateSchema.nullable(),
    advance: z.enum(['auto', 'manual']),
    output: jsonObject.nullable().describe("JSON Schema of one task's output"),
  })
  .meta({ id: 'TemplateStage' });

export const templateViewSchema = templateSummarySchema
  .extend({
    inputs: jsonObject.describe('JSON Schema 2020-12 of the inputs'),
    permissions: z.array(z.string()),
    budget: z.object({ usd: z.number(), onExceed: z.enum(['ask', 'fail']) }).nullable(),
    stages: z.array(templateStageSchema),
    outputs: z.array(z.string()),
    findings: z.array(findingSchema).describe('Warnings, and the errors of a newer commit that broke it'),
  })
  .meta({ id: 'Template' });

export const templateListSchema = z
  .object({ items: z.array(templateSummarySchema), total: z.number().int() })
  .meta({ id: 'TemplateList' });

export const templateRevisionSchema = revisionRefSchema
  .extend({
    served: z.boolean(),
    lost: z.boolean().describe('Its commit went with a rewritten history: no new run may use it'),
    firstSeenAt: z.string(),
  })
  .meta({ id: 'TemplateRevision' });

export const templateRevisionListSchema = z
  .object({ items: z.array(templateRevisionSchema), total: z.number().int() })
  .meta({ id: 'TemplateRevisionList' });

export type TemplateRevision = z.output<typeof templateRevisionSchema>;
export type TemplateSummary = z.output<typeof templateSummarySchema>;
export type TemplateView = z.output<typeof templateViewSchema>;
export type TemplateList = z.output<typeof templateListSchema>;
export type TemplateRevisionList = z.output<typeof templateRevisionListSchema>;

/** A stored revision as lists show it. */
export function toRevision(
  row: Pick<RevisionRow, 'template' | 'version' | 'commit' | 'digest' | 'served' | 'lost' | 'createdAt'>,
): TemplateRevision {
  const { template, version, commit, digest, served, lost, createdAt } = row;
  return { template, version, commit, digest, served, lost, firstSeenAt: createdAt.toISOString() };
}

export function toSummary(plan: Plan, revision: Revision, findings: Finding[]): TemplateSummary {
  const { name, title, description, type, labels, owners } = plan;
  const broken = findings.some((finding) => finding.severity === 'error');
  return { name, title, description, type, labels, owners, revision, broken };
}

export function toView(plan: Plan, revision: Revision, findings: Finding[]): TemplateView {
  return {
    ...toSummary(plan, revision, findings),
    inputs: plan.inputs,
    permissions: plan.permissions,
    budget: plan.budget,
    stages: plan.stages.map(toStage),
    outputs: Object.keys(plan.outputs),
    findings,
  };
}

function toStage(stage: PlannedStage): TemplateView['stages'][number] {
  const { id, name, description, mode, sequence, needs, approval, advance, output } = stage;
  const uses = stage.mode === 'system' ? stage.uses : null;
  return {
    id,
    name,
    description,
    mode,
    sequence,
    needs,
    uses,
    forEach: stage.forEach !== null,
    approval,
    advance,
    output,
  };
}
