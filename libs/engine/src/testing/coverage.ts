import { coveragePoints, keyOf } from './coverage-points.ts';
import { readSource } from '../template/source/read-source.ts';
import { Report } from '../template/source/report.ts';
import { SourceFile } from '../template/source/source-file.ts';
import { child, headOf } from '../template/source/source-node.ts';
import type { CoverageKind, CoveragePoint } from './coverage-points.ts';
import type { ReplayResult } from './replay-case.ts';
import type { Finding } from '../errors/finding.ts';
import type { Place, SourceNode } from '../template/source/source-node.ts';
import type { Plan } from '../template/plan.ts';
import type { RegistryFiles } from '../template/registry-files.ts';

/** What the tests of a template reach of it, counted by what people call it. */
export interface TemplateCoverage {
  template: string;
  stages: Reached;
  /** Outcomes of `if` and of `forEach`. */
  branches: Reached;
  /** Gates that are passed, gates that send back, and loops that mend. */
  loops: Reached;
  /** One warning for each point that no test reaches, at its place in the template. */
  missed: Finding[];
}

export interface Reached {
  reached: number;
  total: number;
}

const GROUPS: Record<CoverageKind, 'stages' | 'branches' | 'loops'> = {
  stage: 'stages',
  'if-true': 'branches',
  'if-false': 'branches',
  items: 'branches',
  'no-items': 'branches',
  approved: 'loops',
  'sent-back': 'loops',
  repaired: 'loops',
};

/** What the tests of a template reach together, and what none of them does. */
export function coverageOf(
  { plan, files }: { plan: Plan; files: RegistryFiles },
  results: readonly Pick<ReplayResult, 'reached'>[],
): TemplateCoverage {
  const reached = new Set(results.flatMap((result) => result.reached.map(keyOf)));
  const points = coveragePoints(plan);
  const count = (group: 'stages' | 'branches' | 'loops'): Reached => {
    const members = points.filter(({ kind }) => GROUPS[kind] === group);
    return { total: members.length, reached: members.filter((point) => reached.has(keyOf(point))).length };
  };
  const missed = points.filter((point) => !reached.has(keyOf(point)));
  return {
    template: plan.name,
    stages: count('stages'),
    branches: count('branches'),
    loops: count('loops'),
    missed: findingsFor(missed, plan.name, files),
  };
}

const WORDS: Record<CoverageKind, { says: (name: string) => string; hint: string; key: string | null }> = {
  stage: {
    says: (name) => `No test reaches ${name}.`,
    hint: 'Write a case that comes so far.',
    key: null,
  },
  'if-true': {
    says: (name) => `In no test is the \`if\` of ${name} true.`,
    hint: 'Write a case whose inputs make it true.',
    key: 'if',
  },
  'if-false': {
    says: (name) => `In no test is the \`if\` of ${name} false.`,
    hint: 'Write a case whose inputs make it false.',
    key: 'if',
  },
  items: {
    says: (name) => `In no test has the \`forEach\` of ${name} an item.`,
    hint: 'Write a case that gives it a list with items.',
    key: 'forEach',
  },
  'no-items': {
    says: (name) => `In no test is the \`forEach\` of ${name} over an empty list.`,
    hint: 'Write a case that gives it an empty list, or say `minItems: 1` in the contract of the list.',
    key: 'forEach',
  },
  approved: {
    says: (name) => `No test passes the gate of ${name}.`,
    hint: 'Add a decision with `do: approve`.',
    key: 'approval',
  },
  'sent-back': {
    says: (name) => `In no test is ${name} sent back for changes.`,
    hint: 'Add a decision with `do: request-changes`, and look at the prompt of round 2.',
    key: 'approval',
  },
  repaired: {
    says: (name) => `In no test is anything of ${name} repaired.`,
    hint: 'Record a run with another `exitCode` than 0, and its repair.',
    key: 'repair',
  },
};

function findingsFor(missed: CoveragePoint[], template: string, files: RegistryFiles): Finding[] {
  const path = `templates/${template}/template.yaml`;
  const root = readSource(path, files.read(path) ?? new Uint8Array(), new Report());
  return missed.map(({ kind, stage }): Finding => {
    const { says, hint, key } = WORDS[kind];
    const place = placeOf(root, stage, key) ?? { source: new SourceFile(path, ''), start: 0, end: 0 };
    const name = stage.startsWith('end-action:')
      ? `end action ${Number(stage.slice(11)) + 1}`
      : `stage "${stage}"`;
    return {
      code: 'TEST_COVERAGE',
      severity: 'warning',
      message: says(name),
      hint,
      file: path,
      ...place.source.position(place.start),
    };
  });
}

/** The key that the point is about, or the stage itself where that stands in a shared stage. */
function placeOf(root: SourceNode | null, stage: string, key: string | null): Place | null {
  const node = root === null ? undefined : stageNode(root, stage);
  if (node?.kind !== 'map') return null;
  const entry = key === null ? undefined : node.entries.get(key);
  return entry?.key ?? headOf(node);
}

function stageNode(root: SourceNode, stage: string): SourceNode | undefined {
  if (stage.startsWith('end-action:')) return child(child(root, 'onComplete'), Number(stage.slice(11)));
  const list = child(root, 'stages');
  if (list?.kind !== 'list') return undefined;
  return list.items.find((item) => child(item, 'id')?.value === stage);
}
