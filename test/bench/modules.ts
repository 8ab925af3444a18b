import { readFile } from 'node:fs/promises';

import type { DynamicModule } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { TestingModule } from '@nestjs/testing';
import { createActionRegistry } from '@stagewright/engine';

import { PLUGINS } from '../../apps/server/dist/composition/plugins.js';
import { loadSettings } from '../../apps/server/dist/config/load-settings.js';
import type { Settings } from '../../apps/server/dist/config/settings.js';
import { ACTION_REGISTRY } from '../../apps/server/dist/runs/engine.tokens.js';
import { benchPlugin } from './templates.ts';

/** Where a process of a stand is at home. */
export interface Place {
  cwd: string;
  environment: Record<string, string>;
}

/** Modules of the server in this process, with the one action of the bench beside the real plugins. */
export async function openModule(
  modules: (settings: Settings) => DynamicModule,
  { cwd, environment }: Place,
): Promise<TestingModule> {
  const actions = createActionRegistry([...PLUGINS, benchPlugin], { readAsset: (url) => readFile(url) });
  const module = await Test.createTestingModule({ imports: [modules(loadSettings({ cwd, environment }))] })
    .overrideProvider(ACTION_REGISTRY)
    .useValue(actions)
    .setLogger(false as never)
    .compile();
  return module.init();
}
