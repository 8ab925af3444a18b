import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { Inject, Injectable, Logger } from '@nestjs/common';
import { toFailure } from '@stagewright/engine';

import { SETTINGS } from '../../config/index.ts';
import type { Settings } from '../../config/index.ts';
import { Database } from '../../database/database.ts';
import { DEFAULT_WORKSPACE as WORKSPACE } from '../../database/entities/index.ts';
import type { ConfiguredRegistry } from '../source/registry-source.ts';
import { unreachable } from '../registry.errors.ts';
import { endTurn, keepTurn, takeTurn } from './sql/take-turn.ts';

/** A reader that says nothing for so long has died, and another may read. */
const LEASE_MS = 5_000;
const KEEP_EVERY_MS = 1_500;
const LOOK_AGAIN_MS = 100;
/** Longer than a sync may take. */
const PATIENCE_MS = 90_000;

/**
 * Servers that share a database read a registry one at a time, and on their intervals only one of them does. It saves work and
 * spares the Git server; that two reads never harm each other is ensured where they are accepted.
 */
@Injectable()
export class RegistryTurns {
  private readonly logger = new Logger('registry');
  private readonly reader = randomUUID();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly database: Database,
  ) {}

  /** Waits for the turn of this process. Throws `REGISTRY_UNREACHABLE` when others never let it in. */
  async inTurn<T>(registry: ConfiguredRegistry, read: () => Promise<T>): Promise<T> {
    const end = Date.now() + PATIENCE_MS;
    while (!(await this.take(registry, null))) {
      if (Date.now() > end) throw unreachable('other servers have been reading it all the time.');
      await pause(LOOK_AGAIN_MS);
    }
    return await this.keeping(registry, read);
  }

  /** Reads unless another server does, or has looked less than `everyMs` ago. */
  async ifDue(registry: ConfiguredRegistry, everyMs: number, read: () => Promise<void>): Promise<void> {
    if (await this.take(registry, everyMs)) await this.keeping(registry, read);
  }

  /** The one process of an embedded database takes its turn whenever it wants: who had it before is dead. */
  private async take(registry: ConfiguredRegistry, notWithinMs: number | null): Promise<boolean> {
    return (
      this.settings.mode === 'embedded' ||
      (await takeTurn(this.database, this.turnOf(registry), { leaseMs: LEASE_MS, notWithinMs }))
    );
  }

  private async keeping<T>(registry: ConfiguredRegistry, read: () => Promise<T>): Promise<T> {
    if (this.settings.mode === 'embedded') return await read();
    const turn = this.turnOf(registry);
    const complain = (error: unknown): void =>
      this.logger.warn(`the turn at the registry was not kept: ${toFailure(error).message}`);
    const timer = setInterval(() => {
      keepTurn(this.database, turn, LEASE_MS).catch(complain);
    }, KEEP_EVERY_MS);
    try {
      return await read();
    } finally {
      clearInterval(timer);
      // It ends by itself if the database does not hear of this.
      await endTurn(this.database, turn).catch(complain);
    }
  }

  private turnOf({ name, ref }: ConfiguredRegistry) {
    return { workspace: WORKSPACE, url: name, ref, reader: this.reader };
  }
}
