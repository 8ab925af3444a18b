import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { AppModule } from '../app.module.ts';
import { loadSettings } from '../config/index.ts';
import { createAdapter, prefixRoutes } from './http-server.ts';
import { openApiDocument } from './openapi.ts';

/**
 * The OpenAPI document as it is committed in `docs/reference/openapi.json`. Needs no database: Nest runs in preview,
 * which reads the routes and makes no provider. `dataDir` is where the settings keep their key.
 */
export async function openApiText(dataDir: string): Promise<string> {
  const settings = loadSettings({ environment: { DATA_DIR: dataDir } });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(settings), createAdapter(), {
    abortOnError: false,
    logger: false,
    preview: true,
  });
  prefixRoutes(app);
  const text = `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
  await app.close();
  return text;
}
