import { MikroORM } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';

import { SETTINGS } from '../config/index.ts';
import type { Settings } from '../config/index.ts';
import { RegistryService } from '../registry/index.ts';
import type { Readiness } from './health.view.ts';

/** Longest wait for the database's answer: a probe that hangs is worse than one that says no. */
const PATIENCE_MS = 2_000;

/** Whether this process can do its work. Open to everyone, so it names no path, address or error text. */
@Injectable()
export class HealthService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly orm: MikroORM,
    private readonly registry: RegistryService,
  ) {}

  async readiness(): Promise<Readiness> {
    const database = { ok: await this.databaseAnswers() };
    const registry = database.ok ? await this.registryState() : { ok: false, ageSeconds: null, stale: true };
    return {
      status: database.ok && registry.ok ? 'ready' : 'unavailable',
      mode: this.settings.mode,
      checks: { database, registry },
    };
  }

  private async databaseAnswers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<boolean>(
      (resolve) => (timer = setTimeout(() => resolve(false), PATIENCE_MS)),
    );
    try {
      return await Promise.race([this.orm.isConnected(), patience]);
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  private async registryState(): Promise<Readiness['checks']['registry']> {
    const { ageSeconds, failure, templates } = await this.registry.view();
    return { ok: templates.length > 0, ageSeconds, stale: failure !== null };
  }
}
