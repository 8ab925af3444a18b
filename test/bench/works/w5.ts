import { costOf } from '../counters.ts';
import { Driver, inFlight, secondsOf } from '../drive.ts';
import type { Floor } from '../floor.ts';
import { plainBullChain } from '../plain-bull.ts';
import { figure, quantile } from '../row.ts';
import type { Figure } from '../row.ts';
import type { Stand } from '../stand.ts';

const STAGES = 5;
const IN_FLIGHT = 1_000;

/** Five stages that do nothing, each in the database before the next starts: many at once, and one at a time. */
export async function w5(stand: Stand, quick: boolean): Promise<(floor: Floor) => Figure[]> {
  const driver = new Driver(stand, 'done');
  const count = quick ? 1_000 : 5_000;
  await inFlight(count / 5, IN_FLIGHT, () => driver.run('w5'));

  const latencies: number[] = [];
  const idle = await costOf(stand, async () => {
    for (let index = 0; index < (quick ? 50 : 200); index += 1)
      latencies.push(1000 * (await secondsOf(() => driver.run('w5'))));
  });

  let ids: string[] = [];
  let seconds = 0;
  const loaded = await costOf(stand, async () => {
    seconds = await secondsOf(async () => (ids = await inFlight(count, IN_FLIGHT, () => driver.run('w5'))));
  });
  const { resident } = await stand.measures();
  for (const id of [ids[0]!, ids.at(-1)!]) await driver.check(id, STAGES);
  driver.close();
  const plain = stand.deployment === 'bull' ? await plainBullChain(count) : null;

  return ({ commitsPerSecond, idleCommitMs }) => {
    const stages = (STAGES * count) / seconds;
    const perStage = (q: number) => quantile(latencies, q) / STAGES;
    return [
      figure('stages_per_s', stages, '1/s', stages / commitsPerSecond),
      ...(plain === null ? [] : [figure('plain_bull_stages_per_s', plain, '1/s', plain / commitsPerSecond)]),
      figure('runs_per_s', count / seconds, '1/s'),
      figure('stage_latency_p50', perStage(0.5), 'ms', perStage(0.5) / idleCommitMs),
      figure('stage_latency_p99', perStage(0.99), 'ms', perStage(0.99) / idleCommitMs),
      figure('process_cpu_per_run', loaded.cpuMs / count, 'ms'),
      figure('statements_per_run_idle', idle.statements / latencies.length, 'statements'),
      figure('statements_per_run_loaded', loaded.statements / count, 'statements'),
      ...(loaded.walBytes === null || idle.walBytes === null
        ? []
        : [
            figure('wal_per_run_idle', idle.walBytes / latencies.length / 1024, 'KiB'),
            figure('wal_per_run_loaded', loaded.walBytes / count / 1024, 'KiB'),
          ]),
      figure('resident', resident, 'MiB'),
    ];
  };
}
