import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, it } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { EnginePorts } from '@stagewright/engine';

import { SETTINGS } from '../config/index.ts';
import { EGRESS } from '../runs/engine.tokens.ts';
import { EgressModule } from './index.ts';

@Global()
@Module({})
class GivenSettings {
  static with(egressAllow: string[]): DynamicModule {
    return {
      module: GivenSettings,
      providers: [{ provide: SETTINGS, useValue: { egressAllow } }],
      exports: [SETTINGS],
    };
  }
}

async function egressOf(egressAllow: string[]) {
  const app = await Test.createTestingModule({
    imports: [GivenSettings.with(egressAllow), EgressModule],
  }).compile();
  const egress = app.get<NonNullable<EnginePorts['egress']>>(EGRESS);
  return { egress, close: () => app.close() };
}

describe('the way out of a server', () => {
  it('is shut without EGRESS_ALLOW', async () => {
    const { egress, close } = await egressOf([]);
    await expect(egress({ url: 'https://example.org/', method: 'GET' })).rejects.toMatchObject({
      code: 'EGRESS_BLOCKED',
    });
    await close();
  });

  it('is open to what EGRESS_ALLOW names, until the server stops', async () => {
    const service = createServer((_request, response) => void response.end('hello'));
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(service.address() as AddressInfo).port}`;
    const { egress, close } = await egressOf([host]);
    const { body } = await egress({ url: `http://${host}/`, method: 'GET' });
    expect(new TextDecoder().decode(body)).toBe('hello');
    await close();
    await expect(egress({ url: `http://${host}/`, method: 'GET' })).rejects.toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
    });
    await new Promise((resolve) => service.close(resolve));
  });

  it('does not open at all when EGRESS_ALLOW cannot be meant', async () => {
    await expect(egressOf(['169.254.169.254:80'])).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
