import { diffLines } from '../../text/line-diff.ts';
import type { Json } from '../../vocabulary.ts';
import { canonicalJson } from '../canonical.ts';
import type { AiStage, CliLoopStage, ManualStage, SystemStage, Value } from '../plan.ts';
import { change } from './change.ts';
import type { Change } from './change.ts';
import { short, valueText } from './value-text.ts';

export function diffManual(before: ManualStage, after: ManualStage): Change[] {
  const { id } = after;
  const changes: Change[] = [];
  if (before.assignees.join() !== after.assignees.join()) {
    const people = ({ assignees }: ManualStage): string =>
      assignees.length === 0 ? 'anybody' : assignees.join(', ');
    const opened = after.assignees.length === 0 ? 'assignees-opened' : 'assignees-changed';
    const summary = `${id} asks ${people(before)} → ${people(after)}`;
    changes.push(change(opened, 'stages', `stages.${id}.assignees`, summary));
  }
  if (before.guidelines !== after.guidelines) {
    const summary = `the guidelines of ${id} read differently`;
    const told = change('about-changed', 'about', `stages.${id}.guidelines`, summary);
    changes.push({ ...told, lines: diffLines(before.guidelines, after.guidelines) });
  }
  return changes;
}

export function diffSystem(before: SystemStage, after: SystemStage): Change[] {
  const { id } = after;
  const uses =
    before.uses === after.uses
      ? []
      : [change('stage-action', 'stages', `stages.${id}.uses`, `${id} uses ${before.uses} → ${after.uses}`)];
  return [...uses, ...diffArguments(`stages.${id}.with`, before.with, after.with)];
}

/** Arguments of a call, key by key. */
export function diffArguments(
  path: string,
  before: Record<string, Value>,
  after: Record<string, Value>,
): Change[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => diffValue(`${path}.${key}`, before[key], after[key]));
}

export function diffLoop(before: CliLoopStage, after: CliLoopStage): Change[] {
  const { id } = after;
  const path = `stages.${id}`;
  const changes: Change[] = [];
  if (before.command !== after.command) {
    const summary = `${id} runs ${before.command} → ${after.command}`;
    changes.push(change('stage-command', 'stages', `${path}.command`, summary));
  }
  if (before.until !== after.until) {
    const summary = `${id} passes if ${before.until ?? 'the exit code is 0'} → ${after.until ?? 'the exit code is 0'}`;
    changes.push(change('stage-arguments', 'stages', `${path}.until`, summary));
  }
  if (before.maxIterations !== after.maxIterations) {
    const summary = `${id} runs its command ${before.maxIterations} → ${after.maxIterations} times at most`;
    changes.push(change('stage-settings', 'stages', `${path}.maxIterations`, summary));
  }
  const list = (items: Value[]): Value => ({ kind: 'list', items });
  return [
    ...changes,
    ...diffValue(`${path}.args`, list(before.args), list(after.args)),
    ...diffValue(`${path}.files`, before.files, after.files),
  ];
}

/** Models, what they are set to, and the tools that they may call. */
export function diffModels(before: AiStage | CliLoopStage, after: AiStage | CliLoopStage): Change[] {
  const { id } = after;
  const path = `stages.${id}`;
  const models =
    before.models.join() === after.models.join()
      ? []
      : [
          change(
            'models-changed',
            'models',
            `${path}.models`,
            `${id} asks ${before.models.join(', ')} → ${after.models.join(', ')}`,
          ),
        ];
  const settings = (['temperature', 'maxTokens'] as const)
    .filter((key) => before[key] !== after[key])
    .map((key) => {
      const summary = `${key} of ${id}: ${before[key] ?? 'as the model has it'} → ${after[key] ?? 'as the model has it'}`;
      return change('model-settings', 'models', `${path}.${key}`, summary);
    });
  return [
    ...models,
    ...settings,
    ...(before.mode === 'ai' && after.mode === 'ai' ? diffTools(before, after) : []),
  ];
}

function diffTools(before: AiStage, after: AiStage): Change[] {
  const { id } = after;
  const changes: Change[] = [];
  if (before.tools.join() !== after.tools.join()) {
    const list = ({ tools }: AiStage): string => (tools.length === 0 ? 'no tools' : tools.join(', '));
    changes.push(
      change(
        'stage-tools',
        'models',
        `stages.${id}.tools`,
        `${id} may call ${list(before)} → ${list(after)}`,
      ),
    );
  }
  if (before.maxToolCalls !== after.maxToolCalls) {
    const summary = `${id} may call tools ${before.maxToolCalls} → ${after.maxToolCalls} times`;
    changes.push(change('stage-settings', 'models', `stages.${id}.maxToolCalls`, summary));
  }
  return changes;
}

function diffValue(path: string, before: Value | undefined, after: Value | undefined): Change[] {
  if (canonicalJson(asJson(before)) === canonicalJson(asJson(after))) return [];
  const [was, is] = [before, after].map((value) => (value === undefined ? 'none' : valueText(value)));
  const isLong = `${was}${is}`.includes('\n');
  const summary = isLong ? `${path} is different` : `${path}: ${short(was ?? '')} → ${short(is ?? '')}`;
  const told = change('stage-arguments', 'stages', path, summary);
  return [isLong ? { ...told, lines: diffLines(was ?? '', is ?? '') } : told];
}

function asJson(value: Value | undefined): Json {
  return value ?? null;
}
