import { breachesOfTransitions } from '../../e2e/support/journal-law.ts';
import type { Evidence, RunHistory } from './evidence.ts';
import { factsOf } from './evidence.ts';

/** O2: every transition is in the journal once, in a lawful order, without a gap, and the header says what the journal says. */
export function transitionsOnce({ runs }: Evidence): string[] {
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

function headerFaults(run: RunHistory): string[] {
  const last = run.entries.at(-1);
  if (last === undefined) return ['it has a header and no journal'];
  const same = last.version === run.version && last.state === run.state && last.progress === run.progress;
  if (same) return [];
  const said = `version ${run.version} ${run.state} ${run.progress}`;
  return [`the header says ${said}, the journal version ${last.version} ${last.state} ${last.progress}`];
}
