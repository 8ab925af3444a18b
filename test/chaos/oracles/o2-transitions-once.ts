import { breachesOfTransitions } from '../../e2e/support/journal-law.ts';
import type { Evidence, RunHistory } from './evidence.ts';
import { factsOf } from './evidence.ts';

/** O2: every transition is in the journal once, in a lawful order, without a gap, and the header says what the journal says. */
export function transitionsOnce({ runs }: Pick<Evidence, 'runs'>): string[] {
  return runs.flatMap((run) =>
    [...gaps(run), ...headerFaults(run), ...breachesOfTransitions(factsOf(run))].map(
      (breach) => `run ${run.id}: ${breach}`,
    ),
  );
}

function gaps({ entries }: RunHistory): string[] {
  return entries.flatMap(({ version }, index) =>
    version === index + 1 ? [] : [`version ${version} stands at place ${index + 1}`],
  );
}

function headerFaults({ entries, state }: RunHistory): string[] {
  const last = entries.at(-1);
  if (last === undefined) return ['it has a header and no journal'];
  return last.state === state ? [] : [`the header says ${state}, the journal ${last.state}`];
}
