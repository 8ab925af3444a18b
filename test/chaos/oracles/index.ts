import type { Evidence, Oracle } from './evidence.ts';
import { everyRunEnds } from './o1-every-run-ends.ts';
import { transitionsOnce } from './o2-transitions-once.ts';
import { keyedEffects } from './o3-effects.ts';
import { oneDecision } from './o4-one-decision.ts';
import { recordsAgree } from './o5-records-agree.ts';
import { noSecret } from './o6-no-secret.ts';
import { failuresExplained } from './o7-failures-explained.ts';
import { faultsHit } from './o8-faults-hit.ts';
import type { Quota } from './o8-faults-hit.ts';
import { noDeadLease } from './o9-no-dead-lease.ts';

export type OracleName = 'O1' | 'O2' | 'O3' | 'O4' | 'O5' | 'O6' | 'O7' | 'O8' | 'O9';

/** What each oracle has against a storm. */
export function askAll(evidence: Evidence, quota: Quota): Record<OracleName, string[]> {
  const oracles: Record<OracleName, Oracle> = {
    O1: everyRunEnds,
    O2: transitionsOnce,
    O3: keyedEffects,
    O4: oneDecision,
    O5: recordsAgree,
    O6: noSecret,
    O7: failuresExplained,
    O8: faultsHit(quota),
    O9: noDeadLease,
  };
  const names = Object.keys(oracles) as OracleName[];
  return Object.fromEntries(names.map((name) => [name, oracles[name](evidence)])) as Record<
    OracleName,
    string[]
  >;
}
