import type { Finding, Instant } from '@stagewright/engine';

import type { HistoryRewrite, RegistryState } from '../../database/entities/index.ts';

/** How long a rewritten history stays among the findings. */
const SHOWN_DAYS = 30;
const DAY_MS = 86_400_000;

/** Tells who runs the server that history was rewritten under it, for as long as that is news. */
export function rewriteFinding(
  state: Pick<RegistryState, 'ref' | 'rewrite'> | null,
  now: Instant,
): Finding[] {
  const rewrite = state?.rewrite;
  if (!state || !rewrite || Date.parse(now) - Date.parse(rewrite.at) > SHOWN_DAYS * DAY_MS) return [];
  return [
    {
      code: 'REGISTRY_REWRITTEN',
      severity: 'warning',
      message: rewrite.isTag === true ? tagMoved(state.ref, rewrite) : historyRewritten(state.ref, rewrite),
      hint: 'Runs that have a lost revision keep it; new runs with one are refused. Push the old history again to get it back.',
      file: 'stagewright.yaml',
      line: 1,
      column: 1,
    },
  ];
}

function tagMoved(ref: string, { from, to, at }: HistoryRewrite): string {
  return `The tag ${ref} was moved: it named ${from}, and names ${to} now (${at}).`;
}

function historyRewritten(ref: string, { from, to, at }: HistoryRewrite): string {
  return `The history of ${ref} was rewritten: ${from} is gone, ${to} was found instead (${at}).`;
}
