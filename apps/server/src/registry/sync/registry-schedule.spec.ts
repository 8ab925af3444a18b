import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';

import { loadSettings } from '../../config/index.ts';
import { RegistrySchedule } from './registry-schedule.ts';
import type { RegistryService } from '../registry.service.ts';
import { unreachable } from '../registry.errors.ts';

Logger.overrideLogger(false);

const HOUR_MS = 3_600_000;

describe('the interval on which a registry is read', () => {
  const sync = jest.fn<() => Promise<void>>();
  const syncIfDue = jest.fn<RegistryService['syncIfDue']>();
  let schedule: RegistrySchedule;

  beforeEach(async () => {
    jest.useFakeTimers();
    for (const mock of [sync, syncIfDue]) mock.mockReset().mockResolvedValue(undefined);
    const settings = loadSettings({
      environment: { SECRET_KEY: 'kX2v9Qd7mT4sB8wYzR1nPfGhJc6LaEu3', REGISTRY_SYNC_SECONDS: '60' },
    });
    const view = () => Promise.resolve({ commit: null });
    const registry = { sync, syncIfDue, view, settled: () => Promise.resolve() };
    schedule = new RegistrySchedule(
      settings,
      registry as unknown as RegistryService,
      new SchedulerRegistry(),
    );
    await schedule.onApplicationBootstrap();
  });
  afterEach(async () => {
    await schedule.beforeApplicationShutdown();
    jest.useRealTimers();
  });

  const looksWithin = async (ms: number): Promise<number> => {
    const before = syncIfDue.mock.calls.length;
    await jest.advanceTimersByTimeAsync(ms);
    return syncIfDue.mock.calls.length - before;
  };

  it('begins with a read at once, and keeps to its minute', async () => {
    expect(sync).toHaveBeenCalledTimes(1);
    expect(await looksWithin(59_999)).toBe(0);
    expect(await looksWithin(1)).toBe(1);
    expect(await looksWithin(10 * 60_000)).toBe(10);
  });

  it('leaves it to the server that has looked in this interval', async () => {
    await looksWithin(60_000);
    expect(syncIfDue).toHaveBeenCalledWith(54_000);
  });

  it('doubles while the registry cannot be read, up to a quarter of an hour, and comes back', async () => {
    syncIfDue.mockRejectedValue(unreachable('gone.'));
    const looks: number[] = [];
    for (let minute = 1; minute <= 2 * 60; minute += 1)
      if ((await looksWithin(60_000)) === 1) looks.push(minute);
    expect(looks).toEqual([1, 3, 7, 15, 30, 45, 60, 75, 90, 105, 120]);
    syncIfDue.mockResolvedValue(undefined);
    await looksWithin(15 * 60_000);
    expect(await looksWithin(5 * 60_000)).toBe(5);
  });

  it('ends with the server', async () => {
    await schedule.beforeApplicationShutdown();
    expect(await looksWithin(HOUR_MS)).toBe(0);
  });
});
