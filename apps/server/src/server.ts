import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';

import { AppModule } from './app.module.ts';
import { ServerToken } from './auth/index.ts';
import { loadSettings, warningsOfSettings } from './config/index.ts';
import type { SettingsSource } from './config/index.ts';
import { createAdapter, listen, prepareHttp } from './http/http-server.ts';

/** A server that answers. */
export interface RunningServer {
  /** Address without a trailing slash: `http://127.0.0.1:3000`. */
  readonly url: string;
  /** The bearer token that its routes ask for; also in `<DATA_DIR>/token`. */
  readonly token: string;
  /** Absolute path of the data directory. */
  readonly dataDir: string;
  /** Ends what is under way and stops; connections that are open after `graceMs` (default 30,000) are cut. Repeatable. */
  close(graceMs?: number): Promise<void>;
}

const GRACE_MS = 30_000;

/**
 * Reads the settings, opens the database, takes up open runs, reads the registry and listens;
 * with `works` false it leaves all work to workers. Throws
 * `CONFIG_INVALID`, `CONFIG_INSECURE`, `DATA_DIR_LOCKED`, `DATABASE_UNAVAILABLE`, `REGISTRY_URL_FORBIDDEN`, `PORT_IN_USE`.
 */
export async function createServer(
  source: SettingsSource = {},
  { works = true }: { works?: boolean } = {},
): Promise<RunningServer> {
  const settings = loadSettings(source);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(settings, { works }),
    createAdapter(),
    {
      abortOnError: false,
      logger: false,
      // A signature is of the bytes that came.
      rawBody: true,
    },
  );
  try {
    app.useLogger(app.get(Logger));
    for (const warning of warningsOfSettings(settings)) app.get(Logger).warn(warning);
    await prepareHttp(app);
    const url = await listen(app, settings.http);
    return running(app, { url, token: app.get(ServerToken).value, dataDir: settings.dataDir });
  } catch (error) {
    await app.close();
    throw error;
  }
}

function running(
  app: NestFastifyApplication,
  facts: Pick<RunningServer, 'url' | 'token' | 'dataDir'>,
): RunningServer {
  let closing: Promise<void> | undefined;
  const close = async (graceMs: number): Promise<void> => {
    const cut = setTimeout(() => app.getHttpServer().closeAllConnections(), graceMs);
    try {
      await app.close();
    } finally {
      clearTimeout(cut);
    }
  };
  return { ...facts, close: (graceMs = GRACE_MS) => (closing ??= close(graceMs)) };
}
