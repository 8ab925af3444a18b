import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';

import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { toFailure } from '@stagewright/engine';

import { SETTINGS } from '../../config/index.ts';
import type { Settings } from '../../config/index.ts';
import { configuredRegistry } from '../source/registry-source.ts';
import { RegistryService } from '../registry.service.ts';
import { findRepository } from './working-copy.ts';

/** An editor, or Git, writes several files in a row. */
const QUIET_MS = 150;

/** Reads a working copy again as soon as somebody edits or commits it. What is not noticed, the interval finds. */
@Injectable()
export class WorkingWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('registry');
  private readonly watchers: FSWatcher[] = [];
  private quiet: NodeJS.Timeout | undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly registry: RegistryService,
  ) {}

  onApplicationBootstrap(): void {
    const registry = configuredRegistry(this.settings);
    if (registry.kind !== 'working') return;
    this.watch(registry.name, { recursive: true });
    const repository = findRepository(registry.name);
    // A commit changes no file of the working copy.
    if (repository !== null) this.watch(repository.gitDir, { recursive: false });
  }

  beforeApplicationShutdown(): void {
    clearTimeout(this.quiet);
    for (const watcher of this.watchers) watcher.close();
  }

  private watch(folder: string, options: { recursive: boolean }): void {
    const fail = (error: unknown): void =>
      this.logger.warn(
        `${folder} cannot be watched: ${toFailure(error).message} Edits are found on the interval.`,
      );
    try {
      const watcher = watch(folder, { ...options, persistent: false }, () => this.changed());
      watcher.on('error', fail);
      this.watchers.push(watcher);
    } catch (error) {
      fail(error);
    }
  }

  private changed(): void {
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.registry.syncInBackground(), QUIET_MS);
  }
}
