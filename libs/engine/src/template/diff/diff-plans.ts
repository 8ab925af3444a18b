import type { Digest } from '../../vocabulary.ts';
import type { Plan } from '../plan.ts';
import { AREAS } from './change.ts';
import type { Change } from './change.ts';
import { diffInputs, diffOutputs } from './diff-contracts.ts';
import { diffPrompts } from './diff-prompts.ts';
import { diffStages } from './diff-stages.ts';
import { diffAbout, diffBudget, diffEndActions, diffPermissions } from './diff-terms.ts';
import { highest } from './rules.ts';
import type { Bump } from './rules.ts';
import { judgeVersion } from './version.ts';
import type { VersionVerdict } from './version.ts';

/** What is different between two revisions of a template, as a person reads it. */
export interface PlanDiff {
  from: Digest;
  to: Digest;
  /** By area, in the order of `AREAS`. */
  changes: Change[];
  /** The highest class among the changes; null when there are none. */
  required: Bump | null;
  version: VersionVerdict;
  /** Registry paths of files whose bytes are different, that went in on either side. */
  files: string[];
}

/** Compares two plans of one template. Pure: the same plans give the same answer; a plan and itself give no changes. */
export function diffPlans(before: Plan, after: Plan): PlanDiff {
  const found = [
    ...diffAbout(before, after),
    ...diffInputs(before, after),
    ...diffOutputs(before, after),
    ...diffStages(before, after),
    ...diffPrompts(before, after),
    ...diffPermissions(before, after),
    ...diffBudget(before, after),
    ...diffEndActions(before, after),
  ];
  const changes = AREAS.flatMap((area) => found.filter((change) => change.area === area));
  const required = highest(changes.map(({ bump }) => bump));
  return {
    from: before.digest,
    to: after.digest,
    changes,
    required,
    version: judgeVersion(before.version, after.version, required),
    files: changedFiles(before.files, after.files),
  };
}

function changedFiles(before: Record<string, Digest>, after: Record<string, Digest>): string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths.filter((path) => before[path] !== after[path]);
}
