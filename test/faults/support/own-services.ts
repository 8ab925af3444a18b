import { describe } from '@jest/globals';

import { findPrograms } from '../../chaos/services/programs.ts';
import type { Programs } from '../../chaos/services/programs.ts';

/** A suite on services of its own; skipped, with the reason in its name, where their programs are missing. */
export function describeWithServices(name: string, suite: (programs: Programs) => void): void {
  const { programs, missing } = findPrograms();
  if (programs === null)
    describe.skip(`${name} (not on this machine: ${missing.join(', ')})`, () => undefined);
  else describe(name, () => suite(programs));
}
