import type { Json } from '../../vocabulary.ts';
import { canonicalJson } from '../canonical.ts';
import type { EndAction, Plan } from '../plan.ts';
import { change } from './change.ts';
import type { Change } from './change.ts';

/** What the template says of itself. */
export function diffAbout(before: Plan, after: Plan): Change[] {
  const changes = (['title', 'description', 'owners', 'labels'] as const)
    .filter((key) => canonicalJson(before[key]) !== canonicalJson(after[key]))
    .map((key) =>
      change('about-changed', 'about', key, `${key} ${key.endsWith('s') ? 'read' : 'reads'} differently`),
    );
  if (before.type === after.type) return changes;
  return [
    change('type-changed', 'about', 'type', `the workflow type is ${before.type} → ${after.type}`),
    ...changes,
  ];
}

/** Scopes of the template; those of its stages are told with the stages. */
export function diffPermissions(before: Plan, after: Plan): Change[] {
  const [was, is] = [before.permissions, after.permissions];
  const more = is.filter((scope) => !was.includes(scope));
  const fewer = was.filter((scope) => !is.includes(scope));
  return [
    ...more.map((scope) =>
      change('permission-widened', 'permissions', 'permissions', `it may use ${scope} now`),
    ),
    ...fewer.map((scope) =>
      change('permission-narrowed', 'permissions', 'permissions', `it may not use ${scope} any more`),
    ),
  ];
}

export function diffBudget(before: Plan, after: Plan): Change[] {
  const [was, is] = [before.budget, after.budget];
  if (was === null && is === null) return [];
  if (is === null)
    return [change('budget-removed', 'budget', 'budget', `the budget of $${was?.usd ?? 0} is gone`)];
  const changes: Change[] = [];
  if (was?.usd !== is.usd) {
    const summary = `a run may cost ${was === null ? 'anything' : `$${was.usd}`} → $${is.usd}`;
    changes.push(change('budget-changed', 'budget', 'budget.usd', summary));
  }
  if (was?.onExceed !== is.onExceed) {
    const rule = is.onExceed === 'fail' ? 'budget-fails' : 'budget-changed';
    const what = is.onExceed === 'fail' ? 'fails' : 'asks a person';
    changes.push(change(rule, 'budget', 'budget.onExceed', `a run that would cost more ${what} now`));
  }
  return changes;
}

/** What happens after the end. Actions have no ids: those with one place and action are the same one. */
export function diffEndActions(before: Plan, after: Plan): Change[] {
  const count = Math.max(before.onComplete.length, after.onComplete.length);
  return Array.from({ length: count }).flatMap((_, index) => {
    const [was, is] = [before.onComplete[index], after.onComplete[index]];
    return diffEndAction(`onComplete[${index}]`, was, is);
  });
}

function diffEndAction(path: string, was: EndAction | undefined, is: EndAction | undefined): Change[] {
  if (was !== undefined && is !== undefined && was.uses === is.uses) {
    if (canonicalJson(was as unknown as Json) === canonicalJson(is as unknown as Json)) return [];
    const what =
      was.if === is.if ? 'is told something else' : `happens if ${was.if ?? 'always'} → ${is.if ?? 'always'}`;
    return [change('end-action-changed', 'end actions', path, `${is.uses} ${what}`)];
  }
  return [
    ...(was === undefined
      ? []
      : [change('end-action-removed', 'end actions', path, `${was.uses} is not done any more`)]),
    ...(is === undefined
      ? []
      : [change('end-action-added', 'end actions', path, `${is.uses} is done after the end`)]),
  ];
}
