import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';

import { SETTINGS } from './settings.ts';
import type { Settings } from './settings.ts';

/** Makes the settings injectable everywhere. They are read before Nest starts: a bad one never gets that far. */
@Module({})
export class ConfigModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: SETTINGS, useValue: settings }],
      exports: [SETTINGS],
    };
  }
}
