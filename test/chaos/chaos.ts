/** `npm run chaos -- --minutes 60 --seed 7`: a storm for as long as you like. `--planted`: one for each planted bug. */
import { parseArgs } from 'node:util';

import { BUGS, noticed, stormWith } from './planted/bugs.ts';
import { findPrograms } from './services/programs.ts';
import type { Programs } from './services/programs.ts';
import { runStorm } from './storm/storm.ts';
import { failed, summaryOf } from './storm/summary.ts';
import { stormFor } from './storm/profiles.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    servers: { type: 'string' },
    workers: { type: 'string' },
    planted: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const { programs, missing } = findPrograms();
if (programs === null) {
  say(`The storm needs ${missing.join(', ')}, which this machine has not.`);
  process.exit(2);
}
if (values.planted) {
  process.exit(await provePlanted(programs, Number(values.seed)));
}
const options = stormFor(programs, {
  seed: Number(values.seed),
  seconds: Number(values.minutes) * 60,
  ...(values.servers === undefined ? {} : { servers: Number(values.servers) }),
  ...(values.workers === undefined ? {} : { workers: Number(values.workers) }),
});
say(`seed ${options.seed}, ${options.seconds} s, ${options.servers} servers, ${options.workers} workers`);
const result = await runStorm({ ...options, tell: say });
process.stdout.write(`${summaryOf(result)}\n`);
process.exitCode = failed(result) ? 1 : 0;

/** Each bug in a storm of its own. 1 when one of them went by unseen. */
async function provePlanted(found: Programs, seed: number): Promise<number> {
  let unseen = 0;
  for (const bug of BUGS) {
    const result = await stormWith(bug, found, seed);
    const by = noticed(bug, result);
    if (by.length === 0) unseen += 1;
    const first = by.flatMap((name) => result.breaches[name])[0];
    say(`${bug.name}: ${by.length === 0 ? 'UNSEEN' : `noticed by ${by.join(', ')}: ${first}`}`);
    if (by.length === 0) say(summaryOf(result));
  }
  return unseen === 0 ? 0 : 1;
}
