import { readFile } from 'node:fs/promises';

import { Global, Module } from '@nestjs/common';
import { createActionRegistry } from '@stagewright/engine';

import { SETTINGS } from '../config/index.ts';
import type { Settings } from '../config/index.ts';
import { createAiRouter } from '../providers/index.ts';
import { ACTION_REGISTRY, AI_ROUTER } from '../runs/engine.tokens.ts';
import { PLUGINS } from './plugins.ts';

/** The one place where plugins and adapters meet the engine. Global, because the runs feature builds the engine from it. */
@Global()
@Module({
  providers: [
    {
      provide: ACTION_REGISTRY,
      useFactory: () => createActionRegistry([...PLUGINS], { readAsset: (url) => readFile(url) }),
    },
    {
      provide: AI_ROUTER,
      useFactory: (settings: Settings) => createAiRouter(settings.ai),
      inject: [SETTINGS],
    },
  ],
  exports: [ACTION_REGISTRY, AI_ROUTER],
})
export class CompositionModule {}
