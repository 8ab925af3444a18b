import { randomBytes } from 'node:crypto';

import { makeGitRegistry } from '../../e2e/support/git-registry.ts';
import { Fleet } from '../fleet/fleet.ts';
import { CommitCutter } from '../services/commit-cutter.ts';
import { OwnPostgres } from '../services/postgres.ts';
import type { Programs } from '../services/programs.ts';
import { Receiver } from '../services/receiver.ts';
import { OwnRedis } from '../services/redis.ts';
import { SlowModel } from '../work/slow-model.ts';
import { stormRegistry } from '../work/templates.ts';
import type { SeededRandom } from './random.ts';

export interface StageOptions {
  programs: Programs;
  servers: number;
  workers: number;
  redis: boolean;
  random: SeededRandom;
  /** Seconds. */
  leaseSeconds: number;
  /** Servers that leave all work to others, by name. */
  idle?: string[];
  /** Modules that plant a bug into the processes. */
  preload?: string[];
  /** Settings beside those that the stage needs. */
  settings?: Record<string, string>;
}

/** Everything that a storm plays on: services, processes, a registry, a model and a receiver, all of its own. */
export interface StormStage {
  postgres: OwnPostgres;
  redis: OwnRedis | null;
  cutter: CommitCutter;
  receiver: Receiver;
  model: SlowModel;
  fleet: Fleet;
  /** Of the database, past the cutter. */
  databaseUrl: string;
  /** Values that must not get about. */
  secrets: string[];
  close(): Promise<void>;
}

const DATABASE = 'storm';
/** How the receiver answers: mostly well, sometimes with an error, sometimes not at all. */
const MOODS = [...Array.from({ length: 17 }, () => 200), 503, 503, 0];

/** Opens all of it, or, when something does not open, nothing. */
export async function openStage(options: StageOptions): Promise<StormStage> {
  const closing: Array<() => unknown> = [];
  const close = async (): Promise<void> => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  try {
    return await build(options, closing, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  options: StageOptions,
  closing: Array<() => unknown>,
  close: () => Promise<void>,
): Promise<StormStage> {
  const { programs, random } = options;
  const canary = `canary-${randomBytes(12).toString('hex')}`;
  const secretKey = randomBytes(32).toString('hex');
  const postgres = await OwnPostgres.create(programs);
  closing.push(() => postgres.remove());
  await postgres.start();
  await postgres.createDatabase(DATABASE);
  const redis = options.redis ? await OwnRedis.create(programs) : null;
  closing.push(() => redis?.remove());
  await redis?.start();
  const cutter = await CommitCutter.open(postgres.port);
  closing.push(() => cutter.close());
  const moods = random.fork();
  const receiver = new Receiver(() => moods.pick(MOODS));
  await receiver.open();
  closing.push(() => receiver.close());
  // A question that ends its process: which one asked is told by the key that it asked with.
  const poisoned = (_name: string, apiKey: string): void =>
    void fleet?.named(apiKey.replace(`${canary}-`, ''))?.kill();
  const model = new SlowModel({ random: random.fork(), poisoned });
  await model.open();
  closing.push(() => model.close());
  const registry = makeGitRegistry(stormRegistry(receiver.host));
  closing.push(() => registry.remove());
  registry.publish('Templates of the storm');
  const fleet: Fleet | undefined = await Fleet.start({
    servers: options.servers,
    workers: options.workers,
    settings: {
      DATABASE_URL: postgres.url(DATABASE, cutter.port),
      SECRET_KEY: secretKey,
      EGRESS_ALLOW: receiver.host,
      REGISTRY_URL: registry.url,
      REGISTRY_SYNC_SECONDS: '0',
      WORKER_LEASE_SECONDS: String(options.leaseSeconds),
      ...(redis === null ? {} : { REDIS_URL: redis.url }),
      ...options.settings,
    },
    settingsOf: (name) => model.settings(`${canary}-${name}`),
    preload: options.preload ?? [],
    idle: options.idle ?? [],
  });
  closing.push(() => fleet.remove());
  const secrets = [canary, secretKey, fleet.token];
  const databaseUrl = postgres.url(DATABASE);
  return { postgres, redis, cutter, receiver, model, fleet, databaseUrl, secrets, close };
}
