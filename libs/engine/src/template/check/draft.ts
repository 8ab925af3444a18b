import type { JsonSchema, StageMode } from '../../vocabulary.ts';
import type { Report } from '../source/report.ts';
import { child } from '../source/source-node.ts';
import type { ListNode, MapNode, ScalarNode, SourceNode } from '../source/source-node.ts';

/** A stage between parsing and plan. */
export interface StageDraft {
  id: string;
  node: MapNode;
  mode: StageMode | null;
  needs: string[];
  /** Stages that have ended when this one starts; null when that cannot be told because `needs` is broken. */
  before: ReadonlySet<string> | null;
  /** What one task gives; null when anything is possible or the contract is broken. */
  output: JsonSchema | null;
}

/** A text under a key, when it is there and sound. */
export function textUnder(
  owner: SourceNode | undefined,
  key: string,
  report: Report,
): ScalarNode | undefined {
  const node = child(owner, key);
  return node?.kind === 'scalar' && typeof node.value === 'string' && report.isSound(node) ? node : undefined;
}

export function listUnder(owner: SourceNode | undefined, key: string, report: Report): ListNode | undefined {
  const node = child(owner, key);
  return node?.kind === 'list' && report.isSound(node) ? node : undefined;
}

export function mapUnder(owner: SourceNode | undefined, key: string, report: Report): MapNode | undefined {
  const node = child(owner, key);
  return node?.kind === 'map' && report.isSound(node) ? node : undefined;
}

/** The sound texts of a list. */
export function textItems(list: ListNode | undefined): ScalarNode[] {
  return (list?.items ?? []).filter(
    (item): item is ScalarNode => item.kind === 'scalar' && typeof item.value === 'string',
  );
}
