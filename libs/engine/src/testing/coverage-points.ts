import { schemaAt } from '../contract/index.ts';
import type { JournalEntry } from '../run/fact.ts';
import type { Plan, PlannedStage } from '../template/plan.ts';
import type { JsonSchema, StageId } from '../vocabulary.ts';
import type { AskedEndAction } from './asked-end-actions.ts';
import type { RecordedAnswers } from './replay-answers.ts';

/**
 * What a test can reach: that a stage begins, both outcomes of an `if`, a `forEach` over something and over nothing, a
 * gate that is passed and one that sends back, and a loop that mends.
 */
export type CoverageKind =
  'stage' | 'if-true' | 'if-false' | 'items' | 'no-items' | 'approved' | 'sent-back' | 'repaired';

export interface CoveragePoint {
  kind: CoverageKind;
  /** Stage, or `end-action:<index>`. */
  stage: StageId;
}

/** Everything in a template that a test can reach, in file order. */
export function coveragePoints(plan: Plan): CoveragePoint[] {
  const stages = plan.stages.flatMap((stage) =>
    kindsOf(stage, plan).map((kind) => ({ kind, stage: stage.id })),
  );
  const ends = plan.onComplete.flatMap((action, index): CoveragePoint[] => {
    const stage = `end-action:${index}`;
    const point = (kind: CoverageKind): CoveragePoint => ({ kind, stage });
    return action.if === null ? [point('stage')] : [point('if-true'), point('if-false')];
  });
  return [...stages, ...ends];
}

function kindsOf(stage: PlannedStage, plan: Plan): CoverageKind[] {
  return [
    'stage',
    ...(stage.if === null ? [] : (['if-true', 'if-false'] as const)),
    ...(stage.forEach === null ? [] : (['items'] as const)),
    ...(stage.forEach !== null && mayBeEmpty(stage.forEach.source, plan) ? (['no-items'] as const) : []),
    ...(stage.approval === null ? [] : (['approved'] as const)),
    ...(stage.approval !== null && stage.approval.maxAttempts > 1 ? (['sent-back'] as const) : []),
    ...(stage.mode === 'cli_loop' && stage.repair !== null && stage.maxIterations > 1
      ? (['repaired'] as const)
      : []),
  ];
}

const PLAIN_PATH = /^(inputs|stages\.([a-z][a-z0-9_-]*)\.output)((?:\.[A-Za-z_]\w*)*)$/;

/** Whether a list can be without items: not when the contract of the value that is named says so. */
function mayBeEmpty(source: string, plan: Plan): boolean {
  const [, , stageId, rest = ''] = PLAIN_PATH.exec(source.trim()) ?? [];
  const root = stageId === undefined ? plan.inputs : outputOf(plan, stageId);
  if (!PLAIN_PATH.test(source.trim()) || root === null) return true;
  const schema = schemaAt(root, rest.split('.').slice(1));
  const least = schema?.['minItems'];
  return typeof least !== 'number' || least === 0;
}

/** The contract of what a stage gives; null when another stage's list, or nothing, is known. */
function outputOf(plan: Plan, id: StageId): JsonSchema | null {
  const stage = plan.stages.find((candidate) => candidate.id === id);
  return stage === undefined || stage.forEach !== null ? null : stage.output;
}

/** What one run reached. */
export function reachedIn(
  entries: JournalEntry[],
  {
    plan,
    answers,
    endActions,
  }: { plan: Plan; answers: RecordedAnswers; endActions: AskedEndAction[] | null },
): CoveragePoint[] {
  const reached = new Set<string>();
  const reach = (kind: CoverageKind, stage: StageId): void => void reached.add(keyOf({ kind, stage }));
  const finals = new Set(plan.stages.filter((stage) => stage.final).map(({ id }) => id));
  let isOver = false;
  for (const fact of entries.flatMap(({ facts }) => facts)) {
    // What a final stage leaves out was not asked for its `if`.
    if (fact.type === 'stage.completed' && finals.has(fact.stage)) isOver = true;
    if (fact.type === 'stage.reset') isOver = false;
    if (fact.type === 'stage.skipped' && !isOver) reach('if-false', fact.stage);
    if (fact.type === 'approval.completed') reach('approved', fact.stage);
    if (fact.type === 'changes.requested') reach('sent-back', fact.stage);
    if (fact.type !== 'stage.started') continue;
    reach('stage', fact.stage);
    reach('if-true', fact.stage);
    if (fact.items !== null) reach(fact.items.length > 0 ? 'items' : 'no-items', fact.stage);
  }
  for (const { id, mode } of plan.stages)
    if (mode === 'cli_loop' && answers.prompts(id).length > 0) reach('repaired', id);
  if (endActions !== null)
    for (const index of plan.onComplete.keys()) {
      const isAsked = endActions.some((asked) => asked.index === index && asked.error === null);
      if (isAsked) reach('stage', `end-action:${index}`);
      if (isAsked) reach('if-true', `end-action:${index}`);
      if (!endActions.some((asked) => asked.index === index)) reach('if-false', `end-action:${index}`);
    }
  return coveragePoints(plan).filter((point) => reached.has(keyOf(point)));
}

export function keyOf({ kind, stage }: CoveragePoint): string {
  return `${stage} ${kind}`;
}
