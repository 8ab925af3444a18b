import { presentTasks } from '../run/index.ts';
import type { Range, StagePreview } from './preview.ts';
import type { StageRun } from '../run/run.ts';
import type { PlannedStage } from '../template/plan.ts';
import type { TaskId, Usage } from '../vocabulary.ts';

interface Question {
  planned: PlannedStage;
  stage: StageRun;
  verdict: StagePreview['verdict'];
  /** What tasks took when they were last made. */
  paid: Map<TaskId, Usage>;
  /** Tasks that are made for certain. */
  make: TaskId[];
}

type Cost = Pick<StagePreview, 'usd' | 'tokens'>;

/**
 * What a stage is likely to take. A task that was never made is reckoned as the others of its stage are on average. Of a
 * stage that depends on others, nothing or everything may be made: a range. Only models cost anything.
 */
export function likelyCost({ planned, stage, verdict, paid, make }: Question): Cost {
  if ((planned.mode !== 'ai' && planned.mode !== 'cli_loop') || (verdict !== 'make' && verdict !== 'depends'))
    return costOf(0, 0, 0, 0);
  const known = stage.tasks.flatMap(({ id }) => paid.get(id) ?? []);
  if (known.length === 0) return costOf(0, null, 0, null);
  const mean = averageOf(known);
  const asked = verdict === 'make' ? make : presentTasks(stage).map(({ id }) => id);
  const each = (asked.length === 0 ? stage.tasks.map(({ id }) => id) : asked).map(
    (id) => paid.get(id) ?? mean,
  );
  const tokens = each.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
  const usd = each.reduce<number | null>(
    (sum, one) => (sum === null || one.usd === null ? null : sum + one.usd),
    0,
  );
  return verdict === 'make'
    ? costOf(usd ?? 0, usd, Math.round(tokens), Math.round(tokens))
    : costOf(0, usd, 0, Math.round(tokens));
}

/** Unknown as soon as one of them is. */
export function sumOf(ranges: Range[]): Range {
  return ranges.reduce(
    (sum, { least, most }) => ({
      least: sum.least + least,
      most: sum.most === null || most === null ? null : sum.most + most,
    }),
    { least: 0, most: 0 },
  );
}

function costOf(least: number, most: number | null, leastTokens: number, mostTokens: number | null): Cost {
  return { usd: { least, most }, tokens: { least: leastTokens, most: mostTokens } };
}

function averageOf(known: Usage[]): Usage {
  const share = (of: (usage: Usage) => number): number =>
    known.reduce((sum, usage) => sum + of(usage), 0) / known.length;
  const isPriced = known.every(({ usd }) => usd !== null);
  return {
    inputTokens: share(({ inputTokens }) => inputTokens),
    outputTokens: share(({ outputTokens }) => outputTokens),
    usd: isPriced ? share(({ usd }) => usd ?? 0) : null,
  };
}
