import type { Plan } from '../template/plan.ts';
import type { RunOutline } from './fact.ts';

export function outlineOf(plan: Plan): RunOutline {
  return {
    stages: plan.stages.map(({ id }) => id),
    budgetUsd: plan.budget?.usd ?? null,
    endActions: plan.onComplete.map(({ uses }) => uses),
  };
}
