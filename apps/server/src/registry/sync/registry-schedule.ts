import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { toFailure } from '@stagewright/engine';

import { SETTINGS } from '../../config/index.ts';
import type { Settings } from '../../config/index.ts';
import { RegistryService } from '../registry.service.ts';

const TICK = 'registry-sync';
/** How long a stop of the process waits for a sync. Half a sync is never seen, so it may also be cut. */
const PATIENCE_MS = 10_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/** Looks at the registry at start and then on an interval, which doubles for as long as the registry cannot be read. */
@Injectable()
export class RegistrySchedule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('registry');
  private failures = 0;
  private stopped = false;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly registry: RegistryService,
    private readonly scheduler: SchedulerRegistry,
  ) {}

  /** The very first sync is waited for: a server without templates is of no use. Later starts serve what they have. */
  async onApplicationBootstrap(): Promise<void> {
    const first = this.look(() => this.registry.sync());
    if ((await this.registry.view()).commit === null) await first;
  }

  /** A sync that is under way may end: the database is still there. Then none begins. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.scheduler.doesExist('timeout', TICK)) this.scheduler.deleteTimeout(TICK);
    await this.registry.settled(PATIENCE_MS);
  }

  private async look(sync: () => Promise<unknown>): Promise<void> {
    try {
      await sync();
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      const { code, message } = toFailure(error);
      if (!this.stopped) this.logger.warn(`${code} ${message}`);
    }
    this.schedule();
  }

  private schedule(): void {
    const { syncSeconds } = this.settings.registry;
    if (this.stopped || syncSeconds === 0) return;
    const wait = Math.max(
      syncSeconds * 1000,
      Math.min(syncSeconds * 1000 * 2 ** Math.min(this.failures, 10), LONGEST_WAIT_MS),
    );
    if (this.scheduler.doesExist('timeout', TICK)) this.scheduler.deleteTimeout(TICK);
    // A little less than the interval: another server's look of just that long ago is not too new.
    const look = (): Promise<void> => this.look(() => this.registry.syncIfDue(syncSeconds * 900));
    const timer = setTimeout(() => void look(), wait);
    timer.unref();
    this.scheduler.addTimeout(TICK, timer);
  }
}
