import { Global, Inject, Module } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { EnginePorts } from '@stagewright/engine';

import { SETTINGS } from '../config/index.ts';
import type { Settings } from '../config/index.ts';
import { EGRESS } from '../runs/engine.tokens.ts';
import { allowHosts } from './allow-list.ts';
import { EgressClient } from './egress-client.ts';

/** The way out to the network for actions: the hosts of `EGRESS_ALLOW`, none by default. Global, for the engine. */
@Global()
@Module({
  providers: [
    {
      provide: EgressClient,
      useFactory: (settings: Settings) => new EgressClient({ allow: allowHosts(settings.egressAllow) }),
      inject: [SETTINGS],
    },
    {
      provide: EGRESS,
      useFactory:
        (client: EgressClient): EnginePorts['egress'] =>
        (request) =>
          client.request(request),
      inject: [EgressClient],
    },
  ],
  exports: [EGRESS],
})
export class EgressModule implements OnApplicationShutdown {
  readonly #client: EgressClient;

  constructor(@Inject(EgressClient) client: EgressClient) {
    this.#client = client;
  }

  /** After the engine has come to rest. */
  async onApplicationShutdown(): Promise<void> {
    await this.#client.close();
  }
}
