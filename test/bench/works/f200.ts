import { costOf } from '../counters.ts';
import { Driver, secondsOf } from '../drive.ts';
import type { Floor } from '../floor.ts';
import { figure, quantile } from '../row.ts';
import type { Figure } from '../row.ts';
import type { Stand } from '../stand.ts';

const TASKS = 200;

/** A stage of two hundred tasks, then a stage that needs all of them: one run at a time. */
export async function f200(stand: Stand, quick: boolean): Promise<(floor: Floor) => Figure[]> {
  const driver = new Driver(stand, 'done');
  const items = Array.from({ length: TASKS }, (_, index) => index);
  for (let warm = 0; warm < 3; warm += 1) await driver.check(await driver.run('f200', { items }), TASKS);
  const latencies: number[] = [];
  const cost = await costOf(stand, async () => {
    for (let index = 0; index < (quick ? 5 : 20); index += 1)
      latencies.push(1000 * (await secondsOf(() => driver.run('f200', { items }))));
  });
  driver.close();
  const p50 = quantile(latencies, 0.5);
  return ({ commitsPerSecond, idleCommitMs }) => [
    figure('latency_p50', p50, 'ms', p50 / idleCommitMs),
    figure('latency_p99', quantile(latencies, 0.99), 'ms'),
    figure('tasks_per_s', (TASKS * 1000) / p50, '1/s', (TASKS * 1000) / p50 / commitsPerSecond),
    figure('statements_per_run', cost.statements / latencies.length, 'statements'),
  ];
}
