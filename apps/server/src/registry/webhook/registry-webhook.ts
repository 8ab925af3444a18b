import type { IncomingHttpHeaders } from 'node:http';

import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@stagewright/engine';

import { SETTINGS } from '../../config/index.ts';
import type { Settings } from '../../config/index.ts';
import { CLOCK } from '../../runs/engine.tokens.ts';
import { RegistryService } from '../registry.service.ts';
import { webhookNotSetUp, webhookNotSigned } from '../registry.errors.ts';
import { isSigned } from './webhook-signature.ts';

/** A webhook as it came. */
export interface WebhookMessage {
  headers: IncomingHttpHeaders;
  rawBody: Uint8Array | undefined;
  /** Full name of the ref that was pushed to; undefined for what is no push. */
  ref: string | undefined;
}

/** Hears from the Git host that somebody pushed. All it may do is to look at the registry sooner. */
@Injectable()
export class RegistryWebhook {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly registry: RegistryService,
  ) {}

  /**
   * Begins a sync after a push to the ref that serves, and says whether it does; a host does not wait for its end. Throws `WEBHOOK_NOT_SET_UP`
   * and `WEBHOOK_NOT_SIGNED`.
   */
  receive({ headers, rawBody, ref }: WebhookMessage): { syncs: boolean } {
    const { webhookSecret, ref: served } = this.settings.registry;
    if (webhookSecret === null) throw webhookNotSetUp();
    const now = Date.parse(this.clock.now());
    if (rawBody === undefined || !isSigned({ headers, body: rawBody }, webhookSecret, now))
      throw webhookNotSigned();
    const syncs = ref !== undefined && [served, `refs/heads/${served}`, `refs/tags/${served}`].includes(ref);
    if (syncs) this.registry.syncInBackground();
    return { syncs };
  }
}
