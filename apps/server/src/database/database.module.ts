import { EntityManager, MikroORM } from '@mikro-orm/core';
import { Global, Inject, Injectable, Module } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';

import { SETTINGS } from '../config/settings.ts';
import { Database } from './database.ts';
import { openDatabase } from './open-database.ts';
import type { OpenDatabase } from './open-database.ts';

const OPEN_DATABASE = Symbol('OPEN_DATABASE');

/** Closes the database last, when the HTTP server and the engine have ended. */
@Injectable()
class DatabaseCloser implements OnApplicationShutdown {
  constructor(@Inject(OPEN_DATABASE) private readonly open: OpenDatabase) {}

  async onApplicationShutdown(): Promise<void> {
    await this.open.close();
  }
}

/** The database for every feature: `MikroORM`, `EntityManager` (fork it) and `Database` for hand-written SQL. */
@Global()
@Module({
  providers: [
    { provide: OPEN_DATABASE, useFactory: openDatabase, inject: [SETTINGS] },
    { provide: MikroORM, useFactory: (open: OpenDatabase) => open.orm, inject: [OPEN_DATABASE] },
    { provide: EntityManager, useFactory: (open: OpenDatabase) => open.orm.em, inject: [OPEN_DATABASE] },
    { provide: Database, useFactory: (open: OpenDatabase) => open.database, inject: [OPEN_DATABASE] },
    DatabaseCloser,
  ],
  exports: [MikroORM, EntityManager, Database],
})
export class DatabaseModule {}
