import { validateTrusted } from '../contract/index.ts';
import { evaluateWith } from '../execution/system-task.ts';
import { toFailure } from '../errors/stagewright-error.ts';
import { holds } from '../run/conditions.ts';
import { scopeFor } from '../run/index.ts';
import { resolveInputs } from '../template/resolve-inputs.ts';
import type { Run } from '../run/run.ts';
import type { ActionCatalog } from '../template/catalog.ts';
import type { EndAction, Plan } from '../template/plan.ts';
import type { JsonObject } from '../vocabulary.ts';

/** An end action that a run asks for, as it would be called. */
export interface AskedEndAction {
  /** Its position under `onComplete`. */
  index: number;
  uses: string;
  with: JsonObject;
  /** Why it could not be called. */
  error: string | null;
}

/** The end actions of a run that is done, in order, without those whose `if` is false. None is carried out. */
export function askedEndActions(plan: Plan, run: Run, catalog: ActionCatalog): AskedEndAction[] {
  if (run.state !== 'done') return [];
  return plan.onComplete.flatMap((action, index) => {
    const verdict = holds(action.if, plan, run);
    if (verdict === false) return [];
    const { uses } = action;
    if (verdict !== true) return [{ index, uses, with: {}, error: verdict.message }];
    return [{ index, ...called(action, { plan, run, catalog }) }];
  });
}

function called(
  { uses, with: values }: EndAction,
  { plan, run, catalog }: { plan: Plan; run: Run; catalog: ActionCatalog },
): Omit<AskedEndAction, 'index'> {
  try {
    const given = evaluateWith(values, scopeFor(plan, run));
    const contract = catalog.action(uses)?.input ?? {};
    const [fault] = validateTrusted(contract, resolveInputs(contract, given));
    return { uses, with: given, error: fault?.message ?? null };
  } catch (error) {
    return { uses, with: {}, error: toFailure(error).message };
  }
}
