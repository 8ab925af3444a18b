import type { Plan, Scope } from '../template/plan.ts';
import type { Json } from '../vocabulary.ts';
import { stageOf } from './run-parts.ts';
import type { Run } from './run.ts';

/** The names that an expression or a prompt of the run can see now, with the item of `forEach` it is about. */
export function scopeFor(plan: Plan, run: Run, item?: { as: string; value: Json; index: number }): Scope {
  const stages: Scope['stages'] = {};
  for (const { id } of plan.stages) {
    const stage = stageOf(run, id);
    stages[id] = { output: stage?.output ?? null, state: stage?.state ?? 'pending' };
  }
  return {
    inputs: run.inputs,
    stages,
    run: { id: run.id, title: run.title, template: plan.name, version: plan.version },
    ...(item === undefined ? {} : { item }),
  };
}
