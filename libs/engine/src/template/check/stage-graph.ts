import type { Report } from '../source/report.ts';
import { child } from '../source/source-node.ts';
import type { ScalarNode } from '../source/source-node.ts';
import { listUnder, textItems, textUnder } from './draft.ts';
import type { StageDraft } from './draft.ts';
import { templateFaults } from './template.errors.ts';

/** Resolves `needs` (a stage without it needs the one before it), refuses unknown stages and cycles, orders the rest. */
export function checkGraph(drafts: StageDraft[], report: Report): void {
  const byId = firstById(drafts);
  const broken = new Set<string>();
  drafts.forEach((draft, position) => {
    const previous = drafts[position - 1];
    if (child(draft.node, 'needs') === undefined) {
      draft.needs = previous === undefined || previous.id === draft.id ? [] : [previous.id];
      return;
    }
    const nodes = needsNodes(draft, report);
    if (nodes === null) broken.add(draft.id);
    for (const node of nodes ?? []) {
      const id = String(node.value);
      if (byId.has(id)) {
        draft.needs.push(id);
      } else {
        broken.add(draft.id);
        report.broken(node, templateFaults.unknownStage(id, [...byId.keys()]));
      }
    }
  });
  reportCycles(drafts, { byId, broken, report });
  for (const draft of drafts) draft.before = stagesBefore(draft, byId, broken);
}

export function firstById(drafts: StageDraft[]): Map<string, StageDraft> {
  const byId = new Map<string, StageDraft>();
  for (const draft of drafts) if (!byId.has(draft.id)) byId.set(draft.id, draft);
  return byId;
}

function needsNodes(draft: StageDraft, report: Report): ScalarNode[] | null {
  const one = textUnder(draft.node, 'needs', report);
  if (one !== undefined) return [one];
  const list = listUnder(draft.node, 'needs', report);
  return list === undefined ? null : textItems(list);
}

interface Graph {
  byId: Map<string, StageDraft>;
  /** Stages whose order cannot be told. */
  broken: Set<string>;
  report: Report;
}

/** Depth first; every need that leads back into the path that is being walked closes one cycle, reported there. */
function reportCycles(drafts: StageDraft[], graph: Graph): void {
  const done = new Set<string>();
  const walk = (draft: StageDraft, path: string[]): void => {
    if (done.has(draft.id)) return;
    const trail = [...path, draft.id];
    for (const need of draft.needs) {
      const start = trail.indexOf(need);
      const next = graph.byId.get(need);
      if (start !== -1) reportCycle(draft, [...trail.slice(start), need], graph);
      else if (next !== undefined) walk(next, trail);
    }
    done.add(draft.id);
  };
  for (const draft of drafts) walk(draft, []);
}

function reportCycle(draft: StageDraft, cycle: string[], graph: Graph): void {
  const closing = cycle.at(-1);
  const node = (needsNodes(draft, graph.report) ?? []).find((item) => item.value === closing);
  for (const id of cycle) graph.broken.add(id);
  // A stage without `needs` takes part through the one before it; the cycle is then reported at its id.
  graph.report.error(node ?? child(draft.node, 'id') ?? draft.node, templateFaults.cycle(cycle));
}

/** Everything that has ended when a stage starts; null as soon as one stage on the way has a broken order. */
function stagesBefore(
  draft: StageDraft,
  byId: Map<string, StageDraft>,
  broken: ReadonlySet<string>,
): ReadonlySet<string> | null {
  const before = new Set<string>();
  const open = [draft.id];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (broken.has(id)) return null;
    for (const need of byId.get(id)?.needs ?? []) {
      if (before.has(need)) continue;
      before.add(need);
      open.push(need);
    }
  }
  return before;
}
