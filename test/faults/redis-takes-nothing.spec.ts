import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';

import { Fleet } from '../chaos/fleet/fleet.ts';
import { transitionsOnce } from '../chaos/oracles/o2-transitions-once.ts';
import { readHistory } from '../chaos/oracles/read-history.ts';
import { OwnPostgres } from '../chaos/services/postgres.ts';
import { OwnRedis } from '../chaos/services/redis.ts';
import { apiOf } from '../e2e/support/api.ts';
import type { Api } from '../e2e/support/api.ts';
import { makeGitRegistry } from '../e2e/support/git-registry.ts';
import type { GitRegistry } from '../e2e/support/git-registry.ts';
import { startModelService } from '../e2e/support/model-service.ts';
import type { ModelService } from '../e2e/support/model-service.ts';
import { GATE_REGISTRY } from './support/gate-template.ts';
import { describeWithServices } from './support/own-services.ts';
import { readinessOf } from './support/readiness.ts';
import { untilSo } from './support/until-so.ts';

jest.setTimeout(240_000);

/** A bound for what hangs. A client would give up long before. */
const SUBMIT_MS = 10_000;
const RIGHTS = ['~*', '&*', '+@all'];

interface Fault {
  title: string;
  cause: string;
  begin: (redis: OwnRedis) => Promise<unknown>;
  end: (redis: OwnRedis) => Promise<unknown>;
}

const FAULTS: Fault[] = [
  {
    title: 'is full',
    cause: 'QUEUE_FULL',
    begin: async (redis) => {
      await redis.command('CONFIG SET maxmemory-policy noeviction');
      await redis.command('CONFIG SET maxmemory 1');
    },
    end: (redis) => redis.command('CONFIG SET maxmemory 0'),
  },
  {
    title: 'is the copy of another and read-only',
    cause: 'QUEUE_READ_ONLY',
    begin: (redis) => redis.command('REPLICAOF 127.0.0.1 1'),
    end: (redis) => redis.command('REPLICAOF NO ONE'),
  },
  {
    title: 'has another password',
    cause: 'QUEUE_FORBIDDEN',
    begin: async (redis) => {
      await redis.command('ACL SETUSER stage resetpass >another');
      await redis.command('CLIENT KILL USER stage');
    },
    end: (redis) => redis.command('ACL SETUSER stage resetpass >right'),
  },
  {
    title: 'lets its user write nothing',
    cause: 'QUEUE_FORBIDDEN',
    begin: (redis) => redis.command('ACL SETUSER stage -@write'),
    end: (redis) => redis.command(`ACL SETUSER stage ${RIGHTS.join(' ')}`),
  },
  {
    title: 'takes what is written and never answers',
    cause: 'QUEUE_UNAVAILABLE',
    begin: (redis) => redis.command('CLIENT PAUSE 600000 WRITE'),
    end: (redis) => redis.command('CLIENT UNPAUSE'),
  },
  {
    title: 'is killed, and comes back with nothing in it',
    cause: 'QUEUE_UNAVAILABLE',
    begin: (redis) => redis.kill(),
    end: (redis) => redis.start(),
  },
];

/** F7: a server that leaves all work to a worker, and a Redis between them that takes nothing. */
describeWithServices('a Redis that takes nothing', (programs) => {
  let postgres: OwnPostgres;
  let redis: OwnRedis;
  let registry: GitRegistry;
  let model: ModelService;
  let fleet: Fleet;
  let api: Api;
  let runs = 0;

  beforeAll(async () => {
    postgres = await OwnPostgres.create(programs);
    await postgres.start();
    await postgres.createDatabase('refused');
    redis = await OwnRedis.create(programs, ['--user', 'stage', 'on', '>right', ...RIGHTS]);
    registry = makeGitRegistry(GATE_REGISTRY);
    registry.publish('Gates');
    model = await startModelService(() => ({ name: 'text', answer: { text: 'A word or two.' } }));
    const settings = {
      ...model.settings,
      DATABASE_URL: postgres.url('refused'),
      REDIS_URL: redis.url.replace('//', '//stage:right@'),
      SECRET_KEY: randomBytes(32).toString('hex'),
      REGISTRY_URL: registry.url,
      REGISTRY_SYNC_SECONDS: '0',
    };
    fleet = await Fleet.start({ servers: 1, workers: 1, idle: ['server-1'], settings });
    api = apiOf({ url: fleet.servers[0]!.url, token: fleet.token });
  });
  afterAll(async () => {
    await fleet?.remove();
    await redis?.remove();
    await postgres?.remove();
    registry?.remove();
    await model?.close();
  });

  /** A run from its submit to its end, as if nothing were the matter. */
  async function carryOut(): Promise<void> {
    runs += 1;
    const begun = Date.now();
    const { id } = await api.create({ template: 'gate', inputs: {} });
    expect(Date.now() - begun).toBeLessThan(SUBMIT_MS);
    await api.until(id, 'approval_pending');
    expect((await api.verb(id, 'approve', { stage: 'text', round: 1 })).status).toBe(200);
    await api.until(id, 'done');
  }

  const queueOf = async () => {
    const { httpStatus, status, checks } = await readinessOf(fleet.servers[0]!.url);
    return { httpStatus, status, ...checks.queue };
  };
  const untilItSays = (wanted: Awaited<ReturnType<typeof queueOf>>) => untilSo(queueOf, wanted);
  const degraded = (cause: string) => ({ httpStatus: 200, status: 'degraded' as const, ok: false, cause });
  const READY = { httpStatus: 200, status: 'ready' as const, ok: true, cause: null };

  /** Jobs that Bull has numbered so far: what went from the server to the worker over Redis. */
  const handedOver = async (): Promise<number> =>
    Number(
      (
        await redis.command(
          `EVAL "local k = redis.call('keys', '*:stages-ai:id') return k[1] and tonumber(redis.call('get', k[1])) or 0" 0`,
        )
      ).slice(1),
    );

  async function isUsedAgain(): Promise<void> {
    await untilItSays(READY);
    const before = await handedOver();
    await carryOut();
    expect(await handedOver()).toBeGreaterThan(before);
    // And somebody takes it out.
    await untilSo(() => redis.command(`EVAL "return #redis.call('keys', '*:stages-ai:wait')" 0`), ':0');
  }

  it('because it is not there when they start: runs are made and carried out, and it is used once it is there', async () => {
    await untilItSays(degraded('QUEUE_UNAVAILABLE'));
    await carryOut();
    await redis.start();
    await isUsedAgain();
  });

  it.each(FAULTS)(
    'because it $title: runs are made and carried out, health says $cause, and it is used again after',
    async ({ cause, begin, end }) => {
      await untilItSays(READY);
      await begin(redis);
      // Before anybody knows of it, and when it is known.
      await carryOut();
      await untilItSays(degraded(cause));
      await carryOut();
      expect(await queueOf()).toEqual(degraded(cause));
      await end(redis);
      await isUsedAgain();
    },
  );

  it('makes nothing twice and lets nothing be told twice', async () => {
    expect(model.asked.get('text')).toBe(runs);
    const history = await readHistory(postgres.url('refused'));
    expect(history.runs).toHaveLength(runs);
    expect(transitionsOnce(history)).toEqual([]);
    expect(fleet.all.flatMap(({ ownEnds }) => ownEnds)).toEqual([]);
    for (const { output } of fleet.all) expect(output).not.toContain('stage:right');
  });
});
