import { diffLines } from '../../text/line-diff.ts';
import type { Plan, PlannedPrompt, PlannedStage } from '../plan.ts';
import { change } from './change.ts';
import type { Change } from './change.ts';

const SLOTS = ['prompt', 'system', 'repair'] as const;
type Slot = (typeof SLOTS)[number];

/** A text that is different, and the stages that use it. */
interface TextChange {
  before: string;
  after: string;
  stages: Set<string>;
}

/** What models are told, text by text: one that several stages use is told once. */
export function diffPrompts(before: Plan, after: Plan): Change[] {
  const texts = new Map<string, TextChange>();
  const others: Change[] = [];
  for (const stage of after.stages) {
    const old = before.stages.find(({ id }) => id === stage.id);
    if (old === undefined || old.mode !== stage.mode) continue;
    for (const slot of SLOTS) others.push(...diffSlot(slot, [old, stage], texts));
  }
  const told = [...texts].map(([path, { before: was, after: is, stages }]) => {
    const summary = `${path} reads differently, for ${[...stages].join(', ')}`;
    return { ...change('prompt-text', 'prompts', path, summary), lines: diffLines(was, is) };
  });
  return [...others, ...told];
}

function diffSlot(
  slot: Slot,
  [old, now]: [PlannedStage, PlannedStage],
  texts: Map<string, TextChange>,
): Change[] {
  const [was, is] = [promptIn(old, slot), promptIn(now, slot)];
  const path = `stages.${now.id}.${slot}`;
  if (was === null && is === null) return [];
  if (is === null)
    return [change('prompt-removed', 'prompts', path, `${now.id} has no ${slot} prompt any more`)];
  if (was === null)
    return [change('prompt-added', 'prompts', path, `${now.id} has a ${slot} prompt now: ${is.path}`)];
  const note = (name: string, [one, other]: [string, string]): void => {
    if (one === other) return;
    const known = texts.get(name) ?? { before: one, after: other, stages: new Set() };
    known.stages.add(now.id);
    texts.set(name, known);
  };
  for (const name of [...new Set([...Object.keys(was.partials), ...Object.keys(is.partials)])].sort()) {
    note(`partial ${name}`, [was.partials[name] ?? '', is.partials[name] ?? '']);
  }
  if (was.path === is.path) {
    note(is.path, [was.source, is.source]);
    return [];
  }
  const summary = `${now.id} asks with ${was.path} → ${is.path}`;
  return [{ ...change('prompt-text', 'prompts', path, summary), lines: diffLines(was.source, is.source) }];
}

function promptIn(stage: PlannedStage, slot: Slot): PlannedPrompt | null {
  if (stage.mode === 'ai') return slot === 'repair' ? null : stage[slot];
  return stage.mode === 'cli_loop' && slot === 'repair' ? stage.repair : null;
}
