import type { Evidence, RunHistory } from './evidence.ts';
import { factsOf, only } from './evidence.ts';

const ENDS = new Set(['done', 'failed', 'cancelled']);

/** O1: every run whose submit was answered is there and has come to its end, its end actions too. */
export function everyRunEnds({ submits, runs }: Evidence): string[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  return submits.flatMap(({ key, ids }) =>
    [...new Set(ids)].flatMap((id) => {
      const run = byId.get(id);
      if (run === undefined) return [`run ${id} of submit ${key} was confirmed and is lost`];
      if (!ENDS.has(run.state)) return [`run ${id} of submit ${key} is stuck: ${run.state}, ${lastOf(run)}`];
      return endActionsOf(run).map((open) => `run ${id} is done, and its ${open} is stuck`);
    }),
  );
}

function endActionsOf(run: RunHistory): string[] {
  const facts = factsOf(run);
  const started = new Set(only(facts, 'end-action.started').map(({ index }) => index));
  for (const { index } of only(facts, 'end-action.completed')) started.delete(index);
  for (const { index, retryAt } of only(facts, 'end-action.failed'))
    if (retryAt === null) started.delete(index);
  return [...started].map((index) => `end action ${index}`);
}

function lastOf(run: RunHistory): string {
  return `after ${factsOf(run).at(-1)?.type ?? 'nothing'} at version ${run.entries.at(-1)?.version ?? 0}`;
}
