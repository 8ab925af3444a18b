import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';

import { ConfigModule, loadSettings } from '../config/index.ts';
import { createAdapter, prepareHttp } from './http-server.ts';
import { ProblemModule } from '../problem/index.ts';
import { AuthModule, CurrentPrincipal, Public, ServerToken } from '../auth/index.ts';
import type { Principal } from '../auth/index.ts';

const body = z.strictObject({ name: z.string() });

@Controller('things')
class ThingsController {
  @Get()
  who(@CurrentPrincipal() principal: Principal): Principal {
    return principal;
  }

  @Post()
  make(@Body({ schema: body }) { name }: z.output<typeof body>): { name: string } {
    return { name };
  }

  @Get('broken')
  broken(): never {
    throw new Error('CANARY');
  }
}

@Controller('health')
class ProbeController {
  @Public()
  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }
}

@Module({ controllers: [ThingsController, ProbeController] })
class ThingsModule {}

let folder: string;
let app: NestFastifyApplication;
let token: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'front-door-'));
  const settings = loadSettings({ environment: { DATA_DIR: folder } });
  const module = await Test.createTestingModule({
    imports: [ConfigModule.with(settings), ProblemModule, AuthModule, ThingsModule],
  }).compile();
  app = module.createNestApplication<NestFastifyApplication>(createAdapter(), {
    logger: false,
    abortOnError: false,
  });
  await prepareHttp(app);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  token = app.get(ServerToken).value;
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

function send(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS',
  url: string,
  options: { authorization?: string; payload?: unknown; type?: string } = {},
) {
  const headers = {
    ...(options.authorization === undefined ? {} : { authorization: options.authorization }),
    ...(options.type === undefined ? {} : { 'content-type': options.type }),
  };
  return app.inject({
    method,
    url,
    headers,
    ...(options.payload === undefined ? {} : { payload: options.payload as string }),
  });
}
const bearer = (): string => `Bearer ${token}`;

describe("the server's token", () => {
  it('is kept for its owner alone and stays the same', () => {
    const path = join(folder, 'token');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8').trim()).toBe(token);
    expect(new ServerToken(folder).value).toBe(token);
    expect(token.length).toBeGreaterThanOrEqual(43);
  });

  it.each(['', 'x', 'X'.repeat(43), 'é', '\0'])('is not %j', (candidate) => {
    expect(app.get(ServerToken).matches(candidate)).toBe(false);
  });
});

describe('the front door', () => {
  it('lets the owner in, with roles of its own making', async () => {
    const answer = await send('GET', '/api/v1/things', { authorization: bearer() });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      workspace: 'default',
      actor: { kind: 'user', id: 'local', roles: ['admin', 'approver'] },
    });
  });

  it('leaves the probes open', async () => {
    expect((await send('GET', '/health/live')).statusCode).toBe(200);
  });

  it.each([
    '/api/v1/things',
    '//api/v1/things',
    '/API/v1/things',
    '/api/v1/things/',
    '/api/v1/things;x=1',
    '/api%2fv1%2fthings',
    '/api/v1/%74hings',
    '/api/v1/things?x=/health/live',
    '/health/live/',
    '/health%2flive',
    '/api/v1',
    '/',
    '/nowhere',
    '/docs',
    '/docs/json',
    '/docs/',
    '/docs/swagger-ui-init.js',
    '/docs/swagger-ui.css',
    '/api/v1/things%00',
  ])('keeps %s shut', async (url) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'] as const) {
      const answer = await send(method, url);
      expect([url, method, answer.statusCode]).toEqual([url, method, 401]);
      if (method !== 'HEAD') expect(answer.json()).toMatchObject({ code: 'AUTH_INVALID', status: 401 });
      expect(answer.headers['www-authenticate']).toBeDefined();
    }
  });

  it.each([
    ['no scheme', () => token],
    ['an empty token', () => 'Bearer '],
    ['another scheme', () => `Basic ${Buffer.from(`x:${token}`).toString('base64')}`],
    ['a token with more behind it', () => `Bearer ${token}x`],
    ['half a token', () => `Bearer ${token.slice(0, 20)}`],
    ['two tokens', () => `Bearer ${token} ${token}`],
    ['a list of tokens', () => `Bearer x, Bearer ${token}`],
    ['an endless token', () => `Bearer ${'x'.repeat(5_000)}`],
    ['a token without signature', () => 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJsb2NhbCJ9.'],
  ])('refuses %s', async (_title, authorization) => {
    expect((await send('GET', '/api/v1/things', { authorization: authorization() })).statusCode).toBe(401);
  });

  it('asks for the token before it reads a body', async () => {
    for (const [payload, type] of [
      ['{', 'application/json'],
      ['x'.repeat(3_000_000), 'application/json'],
      ['x', 'application/x-unknown'],
    ] as const) {
      expect((await send('POST', '/api/v1/things', { payload, type })).statusCode).toBe(401);
    }
  });

  it('lets a browser read the documentation with the token as a password', async () => {
    const basic = `Basic ${Buffer.from(`anyone:${token}`).toString('base64')}`;
    expect((await send('GET', '/docs', { authorization: basic })).statusCode).toBe(200);
    expect((await send('GET', '/docs', { authorization: 'Basic eDp4' })).statusCode).toBe(401);
    const answer = await send('GET', '/docs/json', { authorization: bearer() });
    expect(answer.json()).toMatchObject({ openapi: '3.1.0' });
  });
});

describe('an answer that is no success', () => {
  const owner = () => ({ authorization: bearer() });

  it.each([
    ['a missing route', 404, 'ROUTE_NOT_FOUND', () => send('GET', '/api/v1/nowhere', owner())],
    [
      'an address that cannot be decoded',
      400,
      'REQUEST_MALFORMED',
      () => send('GET', '/api/v1/things%zz', owner()),
    ],
    ['a wrong method', 405, 'METHOD_NOT_ALLOWED', () => send('DELETE', '/api/v1/things', owner())],
    [
      'a body that is no JSON',
      400,
      'REQUEST_MALFORMED',
      () => send('POST', '/api/v1/things', { ...owner(), payload: '{"name":', type: 'application/json' }),
    ],
    [
      'a body that would change a prototype',
      400,
      'REQUEST_MALFORMED',
      () =>
        send('POST', '/api/v1/things', {
          ...owner(),
          payload: '{"__proto__":{"a":1}}',
          type: 'application/json',
        }),
    ],
    [
      'a body that is too large',
      413,
      'REQUEST_TOO_LARGE',
      () =>
        send('POST', '/api/v1/things', {
          ...owner(),
          payload: 'x'.repeat(3_000_000),
          type: 'application/json',
        }),
    ],
    [
      'a body of another type',
      415,
      'MEDIA_TYPE_UNSUPPORTED',
      () => send('POST', '/api/v1/things', { ...owner(), payload: '<x/>', type: 'application/xml' }),
    ],
    [
      'a body that breaks its schema',
      422,
      'REQUEST_INVALID',
      () => send('POST', '/api/v1/things', { ...owner(), payload: '{"name":1}', type: 'application/json' }),
    ],
    [
      'a body with more than its schema',
      422,
      'REQUEST_INVALID',
      () =>
        send('POST', '/api/v1/things', {
          ...owner(),
          payload: '{"name":"x","role":"admin"}',
          type: 'application/json',
        }),
    ],
    ['no body at all', 422, 'REQUEST_INVALID', () => send('POST', '/api/v1/things', owner())],
    ['an error of unknown make', 500, 'INTERNAL_ERROR', () => send('GET', '/api/v1/things/broken', owner())],
  ])('to %s is a problem document', async (_title, status, code, ask) => {
    const answer = await ask();
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({
      status,
      code,
      detail: expect.any(String),
      title: expect.any(String),
    });
    expect(answer.json<{ instance: string }>().instance).toBe(
      `urn:request:${String(answer.headers['x-request-id'])}`,
    );
    expect(answer.body).not.toContain('CANARY');
  });

  it('says which methods a route takes', async () => {
    expect((await send('DELETE', '/api/v1/things', owner())).headers['allow']).toBe('GET, HEAD, POST');
  });

  it('carries the headers of a careful server and no cross-origin leave', async () => {
    const answer = await app.inject({
      method: 'GET',
      url: '/api/v1/things',
      headers: { authorization: bearer(), origin: 'https://evil.example' },
    });
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'self'"),
    });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(existsSync(join(folder, 'token'))).toBe(true);
  });
});
