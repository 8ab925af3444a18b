import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';

import { SETTINGS } from '../config/index.ts';
import type { Settings } from '../config/index.ts';
import { AuthGuard } from './auth.guard.ts';
import { ServerToken } from './server-token.ts';

@Module({
  providers: [
    {
      provide: ServerToken,
      useFactory: (settings: Settings) => new ServerToken(settings.dataDir),
      inject: [SETTINGS],
    },
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [ServerToken],
})
export class AuthModule {}
