import type { DiffLine } from '../../text/line-diff.ts';
import { RULES } from './rules.ts';
import type { Bump, RuleName } from './rules.ts';

/** Part of a template, as a person looks at it. In the order in which changes are told. */
export const AREAS = [
  'about',
  'inputs',
  'outputs',
  'stages',
  'order',
  'gates',
  'prompts',
  'contracts',
  'models',
  'permissions',
  'budget',
  'end actions',
] as const;
export type Area = (typeof AREAS)[number];

/** One thing that is different, as a person reads it. */
export interface Change {
  area: Area;
  /** What is different: `inputs.chapters`, `stages.outline.approval`, `prompts/house-style.hbs`. */
  path: string;
  /** The rule of docs/reference/versions.md that it falls under. */
  rule: RuleName;
  bump: Bump;
  /** What is different, in one line. */
  summary: string;
  /** Why that is a change of this class. */
  why: string;
  /** Texts of several lines, such as prompts: what went and what came. */
  lines?: DiffLine[];
}

/** Its class, and the reason for it, are those of the rule. */
export function change(rule: RuleName, area: Area, path: string, summary: string): Change {
  const { bump, why } = RULES[rule];
  return { area, path, rule, bump, summary, why };
}
