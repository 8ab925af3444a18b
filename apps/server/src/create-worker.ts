import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';

import { loadSettings, warningsOfSettings } from './config/index.ts';
import type { SettingsSource } from './config/index.ts';
import { workerNeedsDatabase } from './workers/workers.errors.ts';
import { WorkerModule } from './worker.module.ts';

/** A process that carries out work and answers no requests. */
export interface RunningWorker {
  /** Ends what is under way within 30 seconds, gives back what is left, and stops. Repeatable. */
  close(): Promise<void>;
}

/**
 * Reads the settings, opens the database and takes up work. Throws `CONFIG_INVALID`, `CONFIG_INSECURE`,
 * `WORKER_NEEDS_DATABASE`, `DATABASE_UNAVAILABLE`.
 */
export async function createWorker(source: SettingsSource = {}): Promise<RunningWorker> {
  const settings = loadSettings(source);
  if (settings.databaseUrl === null) throw workerNeedsDatabase();
  const app = await NestFactory.createApplicationContext(WorkerModule.with(settings), {
    abortOnError: false,
    logger: false,
  });
  app.useLogger(app.get(Logger));
  for (const warning of warningsOfSettings(settings)) app.get(Logger).warn(warning);
  let closing: Promise<void> | undefined;
  return { close: () => (closing ??= app.close()) };
}
