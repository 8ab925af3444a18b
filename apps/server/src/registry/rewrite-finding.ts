import type { Finding, Instant } from '@stagewright/engine';

import type { RegistryState } from '../database/entities/index.ts';

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
      message: `The history of ${state.ref} was rewritten: ${rewrite.from} is gone, ${rewrite.to} was found instead (${rewrite.at}).`,
      hint: 'Runs that have a lost revision keep it; new runs with one are refused. Push the old history again to get it back.',
      file: 'stagewright.yaml',
      line: 1,
      column: 1,
    },
  ];
}
