import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';

import type { FaultRecord } from '../chaos/oracles/evidence.ts';
import { askAll } from '../chaos/oracles/index.ts';
import { gather, settled } from '../chaos/storm/aftermath.ts';
import { Monitor } from '../chaos/storm/monitor.ts';
import { SeededRandom } from '../chaos/storm/random.ts';
import { openStage } from '../chaos/storm/stage.ts';
import type { StormStage } from '../chaos/storm/stage.ts';
import { Clients, later } from '../chaos/work/clients.ts';
import { People } from '../chaos/work/people.ts';
import { Submitter } from '../chaos/work/submitter.ts';
import { describeWithServices } from './support/own-services.ts';
import { readinessOf } from './support/readiness.ts';
import { untilSo } from './support/until-so.ts';

/** How long Redis is away: longer than it takes the servers to look for lost work, so that nothing only waits for it. */
const OUTAGE_SECONDS = Number(process.env['FAULTS_OUTAGE_SECONDS'] ?? 8);
jest.setTimeout(240_000 + OUTAGE_SECONDS * 1_000);

/** Runs that are submitted before it stops, while it is away, and while it forgets everything again and again. */
const EACH_TIME = 8;
const FLUSHES = 6;
const FLUSH_EVERY_MS = 200;
/** How long a flush waits for work to hit; on a busy machine runs take long to begin. */
const WORK_MS = 3_000;
const LOOK_MS = 20;
const LEASE_SECONDS = 5;
/** After the last fault: twice the lease, and as long as a busy machine may take for what is left to do. */
const SETTLE_MS = 2 * LEASE_SECONDS * 1_000 + 60_000;

/** F5 and F6, with two servers, of which one leaves all work to others, and two workers. */
describeWithServices('a Redis that stops in the middle of the runs, and loses everything', (programs) => {
  let stage: StormStage;
  const random = new SeededRandom(5);
  const faults: FaultRecord[] = [];

  beforeAll(async () => {
    const processes = { servers: 2, workers: 2, idle: ['server-2'], leaseSeconds: LEASE_SECONDS };
    stage = await openStage({ programs, ...processes, redis: true, random: random.fork() });
    stage.model.calm();
    stage.receiver.calm();
  });
  afterAll(() => stage?.close());

  it(`for ${OUTAGE_SECONDS} s: every run ends, and each of its steps is made and told once`, async () => {
    const { fleet, databaseUrl } = stage;
    const redis = stage.redis!;
    const monitor = new Monitor(databaseUrl);
    const urls = fleet.servers.map(({ url }) => url);
    const clients = new Clients(urls, fleet.token, random.fork());
    const submitter = new Submitter(clients, random.fork());
    const people = new People(clients, random.fork());
    const submit = (when: string) =>
      submitter.submitAll(
        Array.from({ length: EACH_TIME }, (_, index) => ({
          key: `${when}-${index}`,
          template: 'story',
          at: 0,
        })),
        () => 0,
      );
    const says = () => Promise.all(urls.map(async (url) => (await readinessOf(url)).checks.queue.cause));
    const begun = Date.now();
    const hit = async (kind: string, fault: () => Promise<unknown>) => {
      faults.push({
        kind,
        target: 'redis',
        at: Date.now() - begun,
        hit: true,
        openRuns: await monitor.openRuns(),
      });
      await fault();
    };

    people.start();
    try {
      await untilSo(says, [null, null]);
      await submit('before');
      await hit('kill-redis', () => redis.kill());
      const back = later(OUTAGE_SECONDS * 1_000);
      await untilSo(says, ['QUEUE_UNAVAILABLE', 'QUEUE_UNAVAILABLE']);
      await submit('without');
      await back;
      expect(await says()).toEqual(['QUEUE_UNAVAILABLE', 'QUEUE_UNAVAILABLE']);
      await redis.start();
      await untilSo(says, [null, null]);

      const submitting = submit('forgetful');
      for (let flush = 0; flush < FLUSHES; flush += 1) {
        const end = Date.now() + WORK_MS;
        while ((await monitor.openRuns()) === 0 && Date.now() < end) await later(LOOK_MS);
        await hit('flush-redis', () => redis.command('FLUSHALL'));
        await later(FLUSH_EVERY_MS);
      }
      await submitting;
      await settled(stage, SETTLE_MS);
    } finally {
      await people.stop();
    }

    const evidence = await gather(stage, { leaseSeconds: LEASE_SECONDS, submitter, people, faults });
    const breaches = askAll(evidence, { 'kill-redis': 1, 'flush-redis': 3 });
    expect(Object.entries(breaches).filter(([, said]) => said.length > 0)).toEqual([]);
    expect([...submitter.surprises, ...people.surprises]).toEqual([]);
    expect(evidence.runs.filter(({ state }) => state === 'done')).toHaveLength(3 * EACH_TIME);
    expect(fleet.all.map(({ name, starts }) => [name, starts])).toEqual(
      fleet.all.map(({ name }) => [name, 1]),
    );
  });
});
