/** `npm run chaos -- --minutes 60 --seed 7`: a storm for as long as you like. */
import { parseArgs } from 'node:util';

import { findPrograms } from './services/programs.ts';
import { runStorm } from './storm/storm.ts';
import { failed, summaryOf } from './storm/summary.ts';
import { stormFor } from './storm/profiles.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    servers: { type: 'string' },
    workers: { type: 'string' },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const { programs, missing } = findPrograms();
if (programs === null) {
  say(`The storm needs ${missing.join(', ')}, which this machine has not.`);
  process.exit(2);
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
