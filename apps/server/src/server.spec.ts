import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openApiText } from './http/openapi-text.ts';
import { createServer } from './server.ts';
import type { RunningServer } from './server.ts';

/** What may be asked without a token, and nothing else. */
const PUBLIC = ['GET /health/live', 'GET /health/ready', 'POST /api/v1/registry/webhook'];
const DOCUMENT = join(import.meta.dirname, '../../../docs/reference/openapi.json');

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
  components: { schemas: Record<string, object> };
}

let folder: string;
let server: RunningServer;
let document: OpenApi;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'server-'));
  server = await createServer({
    environment: {
      DATA_DIR: join(folder, 'data'),
      PORT: '0',
      LOG_LEVEL: 'silent',
      PATH: process.env['PATH'],
    },
  });
  document = (await (await ask('/docs/json')).json()) as OpenApi;
}, 60_000);
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${server.token}`, ...init.headers },
  });
}

describe('an embedded server', () => {
  it('serves the registry that ships with it', async () => {
    const registry = (await (await ask('/api/v1/registry')).json()) as {
      commit: string;
      templates: Array<{ name: string }>;
    };
    expect(registry).toMatchObject({
      url: 'shipped',
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      failure: null,
      findings: [],
    });
    expect(registry.templates.map(({ name }) => name)).toEqual(['ebook', 'manuscript', 'website']);
    const template = await (await ask('/api/v1/templates/ebook')).json();
    expect(template).toMatchObject({
      name: 'ebook',
      type: 'ebook',
      inputs: { type: 'object' },
      broken: false,
    });
  });

  it('says that it is alive and ready to anyone', async () => {
    expect(await (await fetch(`${server.url}/health/live`)).json()).toEqual({ status: 'ok' });
    const ready = await fetch(`${server.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      {
        status: 'ready',
        mode: 'embedded',
        checks: {
          database: { ok: true, cause: null },
          registry: { ok: true, cause: null, ageSeconds: expect.any(Number), stale: false },
          work: { ok: true, cause: null },
          queue: { ok: true, cause: null },
        },
      },
    ]);
  });

  it('answers 401 on every route but the public ones', async () => {
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.length).toBeGreaterThan(20);
    expect(routes).toEqual(expect.arrayContaining(PUBLIC));
    for (const route of routes.filter((name) => !PUBLIC.includes(name))) {
      const [method = '', path = ''] = route.split(' ');
      const answer = await fetch(
        `${server.url}${path.replaceAll(/\{\w+\}/g, '00000000-0000-7000-8000-000000000000')}`,
        { method },
      );
      expect([route, answer.status]).toEqual([route, 401]);
      expect(await answer.json()).toMatchObject({ code: 'AUTH_INVALID' });
    }
  });

  it.each([
    ['half a document', '{"template":', 400, 'REQUEST_MALFORMED'],
    ['nothing at all', '', 400, 'REQUEST_MALFORMED'],
    ['a key that would change a prototype', '{"__proto__":{"a":1}}', 400, 'REQUEST_MALFORMED'],
    ['more than it takes', `"${'x'.repeat(3_000_000)}"`, 413, 'REQUEST_TOO_LARGE'],
  ])('answers a body that is %s with a problem document', async (_what, body, status, code) => {
    const answer = await ask('/api/v1/runs', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(await answer.json()).toMatchObject({ code, status });
  });

  it('refuses a second server on its port in words', async () => {
    const port = new URL(server.url).port;
    const second = createServer({
      environment: {
        DATA_DIR: join(folder, 'second'),
        PORT: port,
        LOG_LEVEL: 'silent',
        PATH: process.env['PATH'],
      },
    });
    await expect(second).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(port),
    });
  }, 60_000);

  it('stops when it is asked to, once', async () => {
    const other = await createServer({
      environment: {
        DATA_DIR: join(folder, 'third'),
        PORT: '0',
        LOG_LEVEL: 'silent',
        PATH: process.env['PATH'],
      },
    });
    await Promise.all([other.close(), other.close()]);
    await expect(fetch(`${other.url}/health/live`)).rejects.toThrow();
  }, 60_000);
});

/*
 * The committed document is what the client is generated from. When this fails, run `npm run build`, then
 * `node apps/server/dist/write-openapi.js`, look at the difference, and generate the client again.
 */
describe('the OpenAPI document', () => {
  it('is the committed one, and the same each time', async () => {
    const text = await openApiText(join(folder, 'docs'));
    expect(await openApiText(join(folder, 'docs'))).toBe(text);
    expect(JSON.parse(text)).toEqual(document);
    expect(text).toBe(readFileSync(DOCUMENT, 'utf8'));
  }, 60_000);

  it('gives every route an id of its own and an answer with a schema', () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Problem', 'Template', 'Registry']),
    );
    for (const { operationId, responses } of operations) {
      expect([operationId, Object.keys(responses).some((status) => status.startsWith('2'))]).toEqual([
        operationId,
        true,
      ]);
    }
  });

  it('refers to nothing that it does not hold', () => {
    const text = JSON.stringify(document);
    const names = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
    const held = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(names.filter((name) => !held.includes(name))).toEqual([]);
  });
});
