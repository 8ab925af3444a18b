import { describe, expect, it } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/core';

import type { Settings } from '../config/index.ts';
import type { RegistryService } from '../registry/index.ts';
import type { EngineHost } from '../runs/engine-host.ts';
import { HealthService } from './health.service.ts';

const GOOD = { ageSeconds: 3, failure: null, templates: [{}] };

/** A service over what a test says of the database, the registry and the engine. */
function health(parts: {
  connected?: () => Promise<boolean>;
  view?: object;
  fault?: string | null;
  queueFault?: string | null;
}): HealthService {
  const orm = { isConnected: parts.connected ?? (() => Promise.resolve(true)) };
  const registry = { view: () => Promise.resolve(parts.view ?? GOOD) };
  return new HealthService(
    { mode: 'embedded' } as Settings,
    orm as unknown as MikroORM,
    registry as unknown as RegistryService,
    { fault: parts.fault ?? null, queueFault: parts.queueFault ?? null } as EngineHost,
  );
}

describe('readiness', () => {
  it('is there when the database answers, templates serve and work is found', async () => {
    expect(await health({}).readiness()).toEqual({
      status: 'ready',
      mode: 'embedded',
      checks: {
        database: { ok: true, cause: null },
        registry: { ok: true, cause: null, ageSeconds: 3, stale: false },
        work: { ok: true, cause: null },
        queue: { ok: true, cause: null },
      },
    });
  });

  it('is degraded, and there all the same, while the queue between processes is away', async () => {
    expect(await health({ queueFault: 'QUEUE_UNAVAILABLE' }).readiness()).toMatchObject({
      status: 'degraded',
      checks: { work: { ok: true }, queue: { ok: false, cause: 'QUEUE_UNAVAILABLE' } },
    });
  });

  it.each([
    ['says no', () => Promise.resolve(false)],
    ['fails', () => Promise.reject(new Error('CANARY at 10.0.0.7'))],
    ['never answers', () => new Promise<boolean>(() => undefined)],
  ])('is not there when the database %s, and says no more than that', async (_title, connected) => {
    const readiness = await health({ connected }).readiness();
    expect(readiness).toMatchObject({
      status: 'unavailable',
      checks: {
        database: { ok: false, cause: 'DATABASE_UNAVAILABLE' },
        registry: { ok: false, cause: 'DATABASE_UNAVAILABLE' },
      },
    });
    expect(JSON.stringify(readiness)).not.toContain('CANARY');
  });

  it.each([
    [
      'a registry away, older templates serving',
      { ...GOOD, failure: 'REGISTRY_UNREACHABLE: CANARY' },
      true,
      'REGISTRY_UNREACHABLE',
    ],
    [
      'a registry away from the start',
      { ageSeconds: null, templates: [], failure: 'REGISTRY_TOO_BIG: CANARY' },
      false,
      'REGISTRY_TOO_BIG',
    ],
    [
      'a registry without templates',
      { ageSeconds: 1, templates: [], failure: null },
      false,
      'REGISTRY_EMPTY',
    ],
  ])('with %s', async (_title, view, ok, cause) => {
    const readiness = await health({ view }).readiness();
    expect(readiness).toMatchObject({
      status: ok ? 'ready' : 'unavailable',
      checks: { registry: { ok, cause, stale: view.failure !== null } },
    });
    expect(JSON.stringify(readiness)).not.toContain('CANARY');
  });

  it.each(['ENGINE_CLOSED', 'STORE_UNAVAILABLE'])('ends with %s', async (fault) => {
    expect(await health({ fault }).readiness()).toMatchObject({
      status: 'unavailable',
      checks: { work: { ok: false, cause: fault } },
    });
  });
});
