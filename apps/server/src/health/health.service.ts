import { MikroORM } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';

import { SETTINGS } from '../config/index.ts';
import type { Settings } from '../config/index.ts';
import { RegistryService } from '../registry/index.ts';
import { EngineHost } from '../runs/engine-host.ts';
import type { Check, Readiness } from './health.view.ts';

/** Longest wait for the database's answer: a probe that hangs is worse than one that says no. */
const PATIENCE_MS = 2_000;
const DATABASE_AWAY = 'DATABASE_UNAVAILABLE';

type RegistryCheck = Readiness['checks']['registry'];

/** Whether this process can do its work. Open to everyone, so it names no path, address or error text. */
@Injectable()
export class HealthService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly orm: MikroORM,
    private readonly registry: RegistryService,
    private readonly engine: EngineHost,
  ) {}

  async readiness(): Promise<Readiness> {
    const database = because((await this.databaseAnswers()) ? null : DATABASE_AWAY);
    const registry = database.ok ? await this.registryState() : unknownRegistry();
    const work = because(this.engine.fault);
    const queue = because(this.engine.queueFault);
    const works = database.ok && registry.ok && work.ok;
    return {
      status: works ? (queue.ok ? 'ready' : 'degraded') : 'unavailable',
      mode: this.settings.mode,
      checks: { database, registry, work, queue },
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

  /** Older templates that go on serving are enough to work with; why they are older is said all the same. */
  private async registryState(): Promise<RegistryCheck> {
    try {
      const { ageSeconds, failure, templates } = await this.registry.view();
      const serves = templates.length > 0;
      const cause = failure?.split(':')[0] ?? (serves ? null : 'REGISTRY_EMPTY');
      return { ok: serves, cause, ageSeconds, stale: failure !== null };
    } catch {
      // The database went away between two questions.
      return unknownRegistry();
    }
  }
}

function because(cause: string | null): Check {
  return { ok: cause === null, cause };
}

function unknownRegistry(): RegistryCheck {
  return { ok: false, cause: DATABASE_AWAY, ageSeconds: null, stale: true };
}
