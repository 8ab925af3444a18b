import type { Json } from '../../vocabulary.ts';
import type { SourceFile } from './source-file.ts';

/** A range of a file: what a finding points at. Offsets in UTF-16 code units, end exclusive. */
export interface Place {
  source: SourceFile;
  start: number;
  end: number;
}

interface NodeBase extends Place {
  /** What it is as JSON. */
  value: Json;
}

export interface ScalarNode extends NodeBase {
  kind: 'scalar';
  value: string | number | boolean | null;
}
export interface ListNode extends NodeBase {
  kind: 'list';
  items: SourceNode[];
  value: Json[];
}
export interface MapNode extends NodeBase {
  kind: 'map';
  entries: Map<string, MapEntry>;
  value: { [key: string]: Json };
}
export interface MapEntry {
  key: Place;
  node: SourceNode;
}

/** A part of a YAML or JSON file that knows where it stands. Parts of one tree may come from two files (`extends`). */
export type SourceNode = ScalarNode | ListNode | MapNode;

/** The value under a key, or at an index; undefined when there is none. */
export function child(node: SourceNode | undefined, key: string | number): SourceNode | undefined {
  if (node?.kind === 'map') return node.entries.get(String(key))?.node;
  if (node?.kind === 'list') return node.items[Number(key)];
  return undefined;
}

/** The node that a JSON pointer leads to, or the nearest one above it. */
export function nodeAt(root: SourceNode, pointer: string): SourceNode {
  let node = root;
  for (const segment of pointerSegments(pointer)) {
    const next = child(node, segment);
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

export function pointerSegments(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Where to point when something is missing in a node: its first key, else where it begins. */
export function headOf(node: SourceNode): Place {
  if (node.kind === 'map') {
    for (const entry of node.entries.values()) return entry.key;
  }
  if (node.kind === 'list' && node.items[0] !== undefined) return headOf(node.items[0]);
  return node;
}

/** Where a value ends, without the comments and empty lines that follow a block. */
export function endOf(node: SourceNode): number {
  const isFlow = /[[{]/.test(node.source.text[node.start] ?? '');
  if (isFlow || node.kind === 'scalar') return node.end;
  const last = node.kind === 'list' ? node.items.at(-1) : [...node.entries.values()].at(-1)?.node;
  return last === undefined ? node.end : endOf(last);
}

/** The keys of both mappings; those of `over` win. Order and place are those of `over`. */
export function mergeMaps(over: MapNode, under: MapNode): MapNode {
  const entries = new Map(over.entries);
  for (const [key, entry] of under.entries) {
    if (!entries.has(key)) entries.set(key, entry);
  }
  const value = Object.fromEntries([...entries].map(([key, entry]) => [key, entry.node.value]));
  return { ...over, entries, value };
}
