import { Inject, Injectable } from '@nestjs/common';
import { digestOf } from '@stagewright/engine';
import type { Clock, Json } from '@stagewright/engine';

import { Database } from '../database/database.ts';
import { CLOCK } from './engine.tokens.ts';
import { idempotencyKeyInvalid, idempotencyKeyReused } from './runs.errors.ts';
import { claimIdempotencyKey, keepAnswer, releaseKey } from './sql/claim-idempotency-key.ts';
import type { KeyOf } from './sql/claim-idempotency-key.ts';

/** Visible ASCII: what a header can hold on every way to here. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** One answer for each `Idempotency-Key`: the same request again gets the same one, another request is refused. */
@Injectable()
export class IdempotentRequests {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * `work` must itself be repeatable: it runs again when an earlier sending ended before its answer was kept. Throws
   * `HEADER_INVALID`, `IDEMPOTENCY_KEY_REUSED`, or what `work` throws; then the key is free again.
   */
  async once<T>(key: KeyOf, body: Json, work: () => Promise<T>): Promise<T> {
    if (!KEY.test(key.key)) throw idempotencyKeyInvalid();
    const bodyHash = digestOf(body);
    const claimed = await claimIdempotencyKey(this.database, { ...key, bodyHash, at: this.clock.now() });
    if (claimed.bodyHash !== bodyHash) throw idempotencyKeyReused(key.key);
    if (claimed.answer !== null) return claimed.answer as T;
    try {
      return await keepAnswer(this.database, key, await work());
    } catch (error) {
      await releaseKey(this.database, key, bodyHash);
      throw error;
    }
  }
}
