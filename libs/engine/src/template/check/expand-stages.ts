import type { StageMode } from '../../vocabulary.ts';
import { MODES } from '../schema/stage-schema.ts';
import { readSource } from '../source/read-source.ts';
import { child, mergeMaps } from '../source/source-node.ts';
import type { MapNode, SourceNode } from '../source/source-node.ts';
import { checkShape } from './check-shape.ts';
import type { Compilation } from './compilation.ts';
import { textUnder } from './draft.ts';
import type { StageDraft } from './draft.ts';
import { templateFaults } from './template.errors.ts';

/** The stages of a template with what they extend merged in. Those without a usable id are left out. */
export function expandStages(root: SourceNode, compilation: Compilation): StageDraft[] {
  const { report } = compilation;
  const list = child(root, 'stages');
  if (list?.kind !== 'list') return [];
  const lines = new Map<string, number>();
  const drafts: StageDraft[] = [];
  for (const item of list.items) {
    const id = item.kind === 'map' ? textUnder(item, 'id', report) : undefined;
    if (item.kind !== 'map' || id === undefined) continue;
    const name = String(id.value);
    const earlier = lines.get(name);
    if (earlier !== undefined) report.broken(id, templateFaults.duplicateStage(name, earlier));
    else lines.set(name, id.source.position(id.start).line);
    const node = extended(item, compilation);
    drafts.push({ id: name, node, mode: modeOf(node), needs: [], before: null, output: null });
  }
  return drafts;
}

function modeOf(node: MapNode): StageMode | null {
  const mode = node.value['mode'];
  return MODES.find((known) => known === mode) ?? null;
}

function extended(stage: MapNode, compilation: Compilation): MapNode {
  const { report } = compilation;
  const reference = textUnder(stage, 'extends', report);
  if (reference === undefined) return stage;
  const path = `${String(reference.value)}.yaml`;
  const bytes = compilation.open(path);
  if (bytes === undefined) {
    report.broken(reference, templateFaults.fileMissing(path, path, []));
    return stage;
  }
  const under = readSource(path, bytes, report);
  if (under === null || !checkShape(under, 'stageFile', report) || under.kind !== 'map') {
    report.spoil(reference);
    return stage;
  }
  const mode = textUnder(stage, 'mode', report);
  const fixed = under.value['mode'];
  if (mode !== undefined && typeof fixed === 'string' && fixed !== mode.value)
    report.broken(mode, templateFaults.extendsMode(String(mode.value), fixed, path));
  const merged = mergeMaps(withoutExtends(stage), under);
  if (report.isSound(stage)) checkShape(merged, 'stage', report);
  return merged;
}

function withoutExtends(stage: MapNode): MapNode {
  const entries = new Map([...stage.entries].filter(([key]) => key !== 'extends'));
  const value = Object.fromEntries([...entries].map(([key, entry]) => [key, entry.node.value]));
  return { ...stage, entries, value };
}
