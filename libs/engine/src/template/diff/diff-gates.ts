import type { Gate, Plan, PlannedStage } from '../plan.ts';
import { change } from './change.ts';
import type { Change } from './change.ts';
import type { RuleName } from './rules.ts';
import { durationText } from './value-text.ts';

/** The approvals of a stage that is on both sides. */
export function diffGate(before: PlannedStage, after: PlannedStage, plan: Plan): Change[] {
  const { id } = after;
  const path = `stages.${id}.approval`;
  if (before.approval === null && after.approval === null) return [];
  if (after.approval === null)
    return [change('gate-removed', 'gates', path, `${id} is not signed off any more`)];
  if (before.approval === null) {
    const rule = needsPeople(plan) ? 'gate-added' : 'stage-asks-people';
    return [change(rule, 'gates', path, `${id} is signed off now, by ${people(after.approval.approvers)}`)];
  }
  return diffTerms(before.approval, after.approval).map(([rule, key, summary]) =>
    change(rule, 'gates', `${path}.${key}`, `the gate of ${id}: ${summary}`),
  );
}

/** Whether runs of this template wait for people in any case. */
export function needsPeople({ stages }: Plan): boolean {
  return stages.some(waitsForPeople);
}

export function waitsForPeople({ mode, approval, advance }: PlannedStage): boolean {
  return mode === 'manual' || approval !== null || advance === 'manual';
}

type Term = [rule: RuleName, key: keyof Gate, summary: string];

function diffTerms(before: Gate, after: Gate): Term[] {
  const terms: Term[] = [...approvers(before, after)];
  if (before.quorum !== after.quorum) {
    const rule = after.quorum < before.quorum ? 'gate-weakened' : 'gate-strengthened';
    terms.push([rule, 'quorum', `${before.quorum} → ${after.quorum} approvals`]);
  }
  if (before.selfApproval !== after.selfApproval) {
    terms.push(
      after.selfApproval
        ? ['gate-weakened', 'selfApproval', 'whoever started the run may approve it now']
        : ['gate-strengthened', 'selfApproval', 'whoever started the run may not approve it any more'],
    );
  }
  if (before.onDeadline !== after.onDeadline) terms.push(atDeadline(before, after));
  if (before.deadlineMs !== after.deadlineMs) {
    const text = ({ deadlineMs }: Gate): string => (deadlineMs === null ? 'none' : durationText(deadlineMs));
    terms.push(['gate-settings', 'deadlineMs', `deadline ${text(before)} → ${text(after)}`]);
  }
  if (before.maxAttempts !== after.maxAttempts) {
    terms.push(['gate-settings', 'maxAttempts', `${before.maxAttempts} → ${after.maxAttempts} rounds`]);
  }
  return terms;
}

/** Nobody named means that any member may. */
function approvers(before: Gate, after: Gate): Term[] {
  const [was, is] = [before.approvers, after.approvers];
  const isSame = was.length === is.length && was.every((rule, index) => rule === is[index]);
  if (isSame) return [];
  const summary = `approvers ${people(was)} → ${people(is)}`;
  if (is.length === 0) return [['gate-weakened', 'approvers', summary]];
  return [[was.length === 0 ? 'gate-strengthened' : 'gate-approvers', 'approvers', summary]];
}

/** What approves by itself asks for less than anything else. */
function atDeadline(before: Gate, after: Gate): Term {
  const summary = `at its deadline ${before.onDeadline ?? 'nothing'} → ${after.onDeadline ?? 'nothing'}`;
  if (after.onDeadline === 'approve') return ['gate-weakened', 'onDeadline', summary];
  return [before.onDeadline === 'approve' ? 'gate-strengthened' : 'gate-settings', 'onDeadline', summary];
}

function people(approvers: string[]): string {
  return approvers.length === 0 ? 'any member' : approvers.join(', ');
}
