import { hostname } from 'node:os';

import { Logger } from '@nestjs/common';
import type { WorkerId, Workers } from '@stagewright/engine';

import type { Database } from '../database/database.ts';
import { findGoneWorkers } from './sql/find-gone-workers.ts';
import { endLease, endOtherLeases, forgetWorkers, keepLease } from './sql/keep-lease.ts';
import type { WorkerFacts } from './sql/keep-lease.ts';

export interface WorkerLeaseOptions {
  id: WorkerId;
  /** Null for the one process of an embedded database: nobody waits for its lease to end. */
  leaseMs: number | null;
}

/** Of a lease, this much is left for a renewal that is late. */
const RENEWALS_PER_LEASE = 3;

/**
 * This process among the workers of its database. It is sure of its lease for as long after it *asked* for it as the
 * lease is long, by a clock that only runs forward: the database began to count later, so it ends later there.
 */
export class WorkerLease implements Workers {
  readonly #logger = new Logger(WorkerLease.name);
  readonly #database: Database;
  readonly #facts: WorkerFacts;
  readonly #leaseMs: number | null;
  #sureUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #renewing: Promise<void> | null = null;

  constructor(database: Database, { id, leaseMs }: WorkerLeaseOptions) {
    this.#database = database;
    this.#facts = { id, host: hostname(), pid: process.pid };
    this.#leaseMs = leaseMs;
  }

  get self(): WorkerId | null {
    return performance.now() < this.#sureUntil ? this.#facts.id : null;
  }

  gone(workers: WorkerId[]): Promise<ReadonlySet<WorkerId>> {
    return findGoneWorkers(this.#database, workers);
  }

  /** Throws `DATABASE_UNAVAILABLE`. */
  async open(): Promise<void> {
    await this.#renew();
    if (this.#leaseMs === null) return endOtherLeases(this.#database, this.#facts.id);
    await forgetWorkers(this.#database);
    this.#timer = setInterval(() => void this.#keep(), this.#leaseMs / RENEWALS_PER_LEASE);
  }

  /** Ends the lease now, so that nobody has to wait for it. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
    this.#sureUntil = 0;
    try {
      await endLease(this.#database, this.#facts.id);
    } catch (error) {
      this.#logger.warn({
        message: 'The lease could not be ended; it runs out by itself.',
        cause: String(error),
      });
    }
  }

  /** One renewal at a time: a slow database is not asked twice. */
  async #keep(): Promise<void> {
    this.#renewing ??= this.#tryRenew().finally(() => (this.#renewing = null));
    await this.#renewing;
  }

  async #tryRenew(): Promise<void> {
    const lapsed = this.self === null;
    try {
      await this.#renew();
      if (lapsed)
        this.#logger.warn('The lease had run out; others may have taken over what was under way here.');
    } catch (error) {
      this.#logger.warn({
        message: 'The lease could not be renewed; it is tried again.',
        cause: String(error),
      });
    }
  }

  async #renew(): Promise<void> {
    const asked = performance.now();
    await keepLease(this.#database, this.#facts, this.#leaseMs);
    this.#sureUntil = this.#leaseMs === null ? Infinity : asked + this.#leaseMs;
  }
}
