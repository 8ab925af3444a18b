import type { Json } from '../../vocabulary.ts';
import { canonicalJson } from '../canonical.ts';
import type { Plan, PlannedStage } from '../plan.ts';
import { change } from './change.ts';
import type { Change } from './change.ts';
import { diffContract, diffForm } from './diff-contracts.ts';
import { diffGate, needsPeople, waitsForPeople } from './diff-gates.ts';
import { diffLoop, diffManual, diffModels, diffSystem } from './diff-modes.ts';
import { durationText } from './value-text.ts';

/** Stages that came and went, their order, and what is different in those that are on both sides. */
export function diffStages(before: Plan, after: Plan): Change[] {
  const ids = new Set(after.stages.map(({ id }) => id));
  const removed = before.stages.filter(({ id }) => !ids.has(id));
  return [
    ...removed.map(({ id, name }) =>
      change('stage-removed', 'stages', `stages.${id}`, `the stage "${name}" is gone`),
    ),
    ...after.stages.flatMap((stage) => {
      const old = before.stages.find(({ id }) => id === stage.id);
      return old === undefined ? [added(stage, before)] : diffStage(old, stage, before);
    }),
    ...diffOrder(before, after),
  ];
}

function added(stage: PlannedStage, before: Plan): Change {
  const asks = waitsForPeople(stage) && !needsPeople(before);
  const summary = `the stage "${stage.name}" (${stage.mode}) is new${waitsForPeople(stage) ? ', and asks a person' : ''}`;
  return change(asks ? 'stage-asks-people' : 'stage-added', 'stages', `stages.${stage.id}`, summary);
}

function diffOrder(before: Plan, after: Plan): Change[] {
  const idsOf = (plan: Plan, other: Plan): string[] =>
    plan.stages.map(({ id }) => id).filter((id) => other.stages.some((stage) => stage.id === id));
  const [was, is] = [idsOf(before, after), idsOf(after, before)];
  if (was.join() === is.join()) return [];
  return [change('stage-order', 'order', 'stages', `the order is ${was.join(', ')} → ${is.join(', ')}`)];
}

function diffStage(before: PlannedStage, after: PlannedStage, plan: Plan): Change[] {
  const { id } = after;
  const path = `stages.${id}`;
  const common = [
    ...diffAbout(before, after),
    ...diffFlow(before, after, plan),
    ...diffGate(before, after, plan),
  ];
  if (before.mode !== after.mode) {
    const summary = `${id} is done by ${WHO[before.mode]} → ${WHO[after.mode]}`;
    return [...common, change('stage-mode', 'stages', `${path}.mode`, summary)];
  }
  return [...common, ...diffWork(before, after)];
}

const WHO: Record<PlannedStage['mode'], string> = {
  ai: 'a model',
  manual: 'a person',
  system: 'an action',
  cli_loop: 'a command',
};

/** What differs by mode. The contract of a person's answer is the form. */
function diffWork(before: PlannedStage, after: PlannedStage): Change[] {
  if (before.mode === 'manual' && after.mode === 'manual') {
    return [...diffForm(before.form, after.form, after.id), ...diffManual(before, after)];
  }
  const contract = diffContract(before, after);
  if (before.mode === 'system' && after.mode === 'system') return [...contract, ...diffSystem(before, after)];
  if (before.mode === 'cli_loop' && after.mode === 'cli_loop') {
    return [...contract, ...diffLoop(before, after), ...diffModels(before, after)];
  }
  if (before.mode === 'ai' && after.mode === 'ai') return [...contract, ...diffModels(before, after)];
  return contract;
}

function diffAbout(before: PlannedStage, after: PlannedStage): Change[] {
  return (['name', 'description'] as const)
    .filter((key) => before[key] !== after[key])
    .map((key) =>
      change(
        'about-changed',
        'about',
        `stages.${after.id}.${key}`,
        `the ${key} of ${after.id} reads differently`,
      ),
    );
}

function diffFlow(before: PlannedStage, after: PlannedStage, plan: Plan): Change[] {
  const { id } = after;
  const path = `stages.${id}`;
  const changes: Change[] = [];
  const differ = (key: keyof PlannedStage): boolean =>
    canonicalJson(before[key] as Json) !== canonicalJson(after[key] as Json);
  if (differ('needs')) {
    const summary = `${id} comes after ${list(before.needs)} → ${list(after.needs)}`;
    changes.push(change('stage-order', 'order', `${path}.needs`, summary));
  }
  if (differ('if')) {
    const summary = `${id} is done if ${before.if ?? 'always'} → ${after.if ?? 'always'}`;
    changes.push(change('stage-condition', 'stages', `${path}.if`, summary));
  }
  changes.push(...diffItems(before, after));
  if (differ('advance')) changes.push(diffAdvance(after, plan));
  if (differ('final')) {
    const summary = after.final ? `a run ends when ${id} is done` : `a run goes on after ${id}`;
    changes.push(change('stage-final', 'stages', `${path}.final`, summary));
  }
  if (differ('permissions')) {
    const summary = `${id} may use ${list(before.permissions)} → ${list(after.permissions)}`;
    changes.push(change('permission-of-stage', 'permissions', `${path}.permissions`, summary));
  }
  return [...changes, ...diffSettings(before, after)];
}

function diffAdvance({ id, advance }: PlannedStage, plan: Plan): Change {
  const waits = advance === 'manual';
  const rule = waits && !needsPeople(plan) ? 'stage-asks-people' : 'stage-order';
  const summary = waits
    ? `what follows ${id} waits for "next stage"`
    : `what follows ${id} does not wait any more`;
  return change(rule, 'stages', `stages.${id}.advance`, summary);
}

function diffItems(before: PlannedStage, after: PlannedStage): Change[] {
  const [was, is] = [before.forEach, after.forEach];
  const path = `stages.${after.id}.forEach`;
  const text = (items: PlannedStage['forEach']): string =>
    items === null ? 'one task' : `${items.source} as ${items.as}`;
  if (text(was) !== text(is)) {
    return [change('stage-items', 'stages', path, `${after.id} goes over ${text(was)} → ${text(is)}`)];
  }
  if (was?.concurrency === is?.concurrency) return [];
  const summary = `${after.id} does ${was?.concurrency ?? 1} → ${is?.concurrency ?? 1} tasks at once`;
  return [change('stage-settings', 'stages', `${path}.concurrency`, summary)];
}

function diffSettings(before: PlannedStage, after: PlannedStage): Change[] {
  const { id } = after;
  const settings: Array<[key: string, was: string, is: string]> = [
    ['retry', retryText(before), retryText(after)],
    ['timeout', durationText(before.timeoutMs), durationText(after.timeoutMs)],
    ['cache', String(before.cache), String(after.cache)],
  ];
  return settings
    .filter(([, was, is]) => was !== is)
    .map(([key, was, is]) =>
      change('stage-settings', 'stages', `stages.${id}.${key}`, `${key} of ${id}: ${was} → ${is}`),
    );
}

function retryText({ retry }: PlannedStage): string {
  const { attempts, delayMs, maxDelayMs } = retry;
  return `${attempts} tries after ${durationText(delayMs)} to ${durationText(maxDelayMs)}`;
}

function list(names: string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}
