import { blockLike, isBlockScalar, rendered } from './yaml-value.ts';
import { endOf, nodeAt } from '../template/source/source-node.ts';
import { readSource } from '../template/source/read-source.ts';
import { Report } from '../template/source/report.ts';
import type { Difference } from './difference.ts';
import type { ReplayResult } from './replay-case.ts';
import type { SourceNode } from '../template/source/source-node.ts';
import type { Json } from '../vocabulary.ts';

/** A case that was brought to what its run gives now. */
export interface UpdatedCase {
  text: string;
  /** Values that were rewritten, as in the file: `stages.outline.round`. */
  changed: string[];
}

/** Failures of the case itself: what came of such a run is nothing to expect. */
const BROKEN: ReadonlySet<string> = new Set(['TEST_ANSWER_MISSING']);

/**
 * The case with every value that it states, and that is another one now, rewritten in place: comments, layout and all
 * else stay as they are. Never adds an expectation. Null when there is nothing that can be rewritten, as when a decision
 * was refused or an answer is missing.
 */
export function updateCase(bytes: Uint8Array, { path, differences, run }: ReplayResult): UpdatedCase | null {
  const isBroken = run === null || BROKEN.has(run.error?.code ?? '');
  if (isBroken || differences.some(({ at }) => at === '' || !at.startsWith('/expect/'))) return null;
  const root = readSource(path, bytes, new Report());
  if (root === null) return null;
  const edits = editsFor(root, differences);
  if (edits.length === 0) return null;
  let { text } = root.source;
  // From the end, so that the places before stay true.
  for (const { node, value } of [...edits].sort((a, b) => b.node.start - a.node.start))
    text = text.slice(0, node.start) + replacement(text, node, value) + text.slice(endOf(node));
  return { text, changed: edits.map(({ told }) => told) };
}

interface Edit {
  node: SourceNode;
  value: Json;
  told: string;
}

/** Each place once: several differences may come from one value. */
function editsFor(root: SourceNode, differences: Difference[]): Edit[] {
  const edits = new Map<SourceNode, Edit>();
  for (const { path, at, update } of differences) {
    if (update === undefined) continue;
    const node = nodeAt(root, at);
    edits.set(node, { node, value: update, told: path });
  }
  return [...edits.values()];
}

/** A block of text stays one; everything else is written as it would stand between brackets, which is right anywhere. */
function replacement(text: string, node: SourceNode, value: Json): string {
  const old = text.slice(node.start, endOf(node));
  if (node.kind === 'scalar' && typeof value === 'string' && isBlockScalar(old)) {
    const block = blockLike(old, value);
    if (block !== null) return block;
  }
  // A block of text ends with its line: so does what replaces it.
  return rendered(value) + (old.endsWith('\n') ? '\n' : '');
}
