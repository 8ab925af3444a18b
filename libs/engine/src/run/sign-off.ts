import { digestOf } from '../template/canonical.ts';
import type { Gate, PlannedStage } from '../template/plan.ts';
import type { Digest, Json } from '../vocabulary.ts';
import { byContent } from './by-content.ts';
import type { Deciding } from './deciding.ts';
import type { StageRun, TaskRun } from './run.ts';

/** The run whose output is approved of, and the plan that says by whom. */
type Approved = Pick<Deciding, 'plan' | 'run'>;

/** What people approve of: the output, under the rules that say who may. Deadlines are no part of it. */
export function signatureOf(
  { plan, run }: Approved,
  gate: Gate,
  output: Json,
): { output: Digest; gate: Digest } {
  const { approvers, quorum, selfApproval } = gate;
  const owners = approvers.includes('codeowners') ? plan.owners : [];
  return {
    output: digestOf(byContent(run, output)),
    gate: digestOf({ approvers, quorum, selfApproval, owners }),
  };
}

/** Whether people approved of this very output under these very rules, and nobody wants them to be asked again. */
export function isSignedOff(of: Approved, stage: StageRun, gate: Gate, output: Json): boolean {
  if (stage.signedOff === null || stage.asksAgain) return false;
  const now = signatureOf(of, gate, output);
  return stage.signedOff.output === now.output && stage.signedOff.gate === now.gate;
}

type Form = Extract<PlannedStage, { mode: 'manual' }>;

/** Everything that a person had before them who filled in the form: the form itself, its item, and what it builds on. */
export function digestOfForm(d: Deciding, planned: Form, task: TaskRun): Digest {
  const { form, guidelines, assignees, needs } = planned;
  const item = d.stage(planned.id).items?.[task.index] ?? null;
  const before = byContent(d.run, Object.fromEntries(needs.map((need) => [need, d.stage(need).output])));
  return digestOf({ form, guidelines, assignees, item: byContent(d.run, item), before });
}

/** Whether the form was filled in, nothing has changed since, and nobody wants it to be asked again. */
export function answerStands(d: Deciding, planned: Form, task: TaskRun): boolean {
  if (!planned.cache || task.last === null || d.stage(planned.id).asksAgain) return false;
  return task.last.inputDigest !== null && task.last.inputDigest === digestOfForm(d, planned, task);
}
