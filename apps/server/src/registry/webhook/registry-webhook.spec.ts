import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { loadSettings } from '../../config/index.ts';
import { RegistryWebhook } from './registry-webhook.ts';
import type { RegistryService } from '../registry.service.ts';
import { isSigned } from './webhook-signature.ts';

Logger.overrideLogger(false);

const NOW = '2026-11-26T10:00:00.000Z';
const SECONDS = Date.parse(NOW) / 1000;
const SECRET = 'a secret of tests, and of nothing else';
const BODY = Buffer.from('{"ref":"refs/heads/main"}');

const mac = (text: string | Uint8Array, key: string | Uint8Array = SECRET) =>
  createHmac('sha256', key).update(text);
const hex = (text: string | Uint8Array) => mac(text).digest('hex');
const standard = (seconds: number, key?: Uint8Array): IncomingHttpHeaders => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': `${seconds}`,
  'webhook-signature': `v1,${mac(`msg_1.${seconds}.${BODY.toString()}`, key).digest('base64')}`,
});

describe('the signature of a webhook', () => {
  const passes = (headers: IncomingHttpHeaders, secret = SECRET, body: Uint8Array = BODY): boolean =>
    isSigned({ headers, body }, secret, Date.parse(NOW));

  it('is what GitHub documents it to be', () => {
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    const headers = { 'x-hub-signature-256': signature };
    expect(passes(headers, "It's a Secret to Everybody", Buffer.from('Hello, World!'))).toBe(true);
  });

  it.each<[string, IncomingHttpHeaders]>([
    ['GitHub', { 'x-hub-signature-256': `sha256=${hex(BODY)}` }],
    ['Gitea', { 'x-gitea-signature': hex(BODY) }],
    ["GitLab's secret token", { 'x-gitlab-token': SECRET }],
    ["GitLab's signing token", standard(SECONDS)],
    ['a sender whose clock is four minutes late', standard(SECONDS - 240)],
    [
      'a sender that replaces its secret',
      {
        ...standard(SECONDS),
        'webhook-signature': `v1,AAAA ${String(standard(SECONDS)['webhook-signature'])}`,
      },
    ],
  ])('of %s is taken', (_who, headers) => {
    expect(passes(headers)).toBe(true);
  });

  it('goes by the bytes that a secret of Standard Webhooks stands for', () => {
    const key = Buffer.from('0123456789abcdef0123456789abcdef');
    expect(passes(standard(SECONDS, key), `whsec_${key.toString('base64')}`)).toBe(true);
  });

  it.each<[string, IncomingHttpHeaders]>([
    ['none', {}],
    ['an empty one', { 'x-hub-signature-256': '' }],
    ['one of another body', { 'x-hub-signature-256': `sha256=${hex('{}')}` }],
    ['one without its scheme', { 'x-hub-signature-256': hex(BODY) }],
    ['one by another secret', { 'x-gitea-signature': createHmac('sha256', 'x').update(BODY).digest('hex') }],
    ['the beginning of the secret', { 'x-gitlab-token': SECRET.slice(0, -1) }],
    ['a wrong one beside the secret', { 'x-hub-signature-256': 'sha256=00', 'x-gitlab-token': SECRET }],
    ['one of six minutes ago', standard(SECONDS - 360)],
    ['one of the future', standard(SECONDS + 360)],
    ['one of no time', { ...standard(SECONDS), 'webhook-timestamp': 'now' }],
    ['one of another message', { ...standard(SECONDS), 'webhook-id': 'msg_2' }],
  ])('%s is refused', (_what, headers) => {
    expect(passes(headers)).toBe(false);
  });
});

describe('a webhook of a registry', () => {
  const syncInBackground = jest.fn<RegistryService['syncInBackground']>();
  const clock = { now: () => NOW, after: () => () => undefined };
  const webhook = (environment: Record<string, string> = { REGISTRY_WEBHOOK_SECRET: SECRET }) =>
    new RegistryWebhook(
      loadSettings({ environment: { SECRET_KEY: 'kX2v9Qd7mT4sB8wYzR1nPfGhJc6LaEu3', ...environment } }),
      clock,
      {
        syncInBackground,
      } as unknown as RegistryService,
    );
  const headers = { 'x-gitlab-token': SECRET };

  beforeEach(() => {
    syncInBackground.mockReset();
  });

  it.each([
    ['refs/heads/main', true],
    ['refs/tags/main', true],
    ['main', true],
    ['refs/heads/other', false],
    ['refs/heads/main/x', false],
    [undefined, false],
  ])('about %s: it looks at the registry: %s', (ref, syncs) => {
    expect(webhook().receive({ headers, rawBody: BODY, ref })).toEqual({ syncs });
    expect(syncInBackground).toHaveBeenCalledTimes(syncs ? 1 : 0);
  });

  it('does nothing when it is not signed, has no body, or no secret is set', () => {
    const push = { headers, rawBody: BODY, ref: 'refs/heads/main' };
    const attempts: Array<[() => unknown, string]> = [
      [() => webhook().receive({ ...push, headers: {} }), 'WEBHOOK_NOT_SIGNED'],
      [() => webhook().receive({ ...push, rawBody: undefined }), 'WEBHOOK_NOT_SIGNED'],
      [() => webhook({}).receive(push), 'WEBHOOK_NOT_SET_UP'],
    ];
    for (const [attempt, code] of attempts) expect(attempt).toThrow(expect.objectContaining({ code }));
    expect(syncInBackground).not.toHaveBeenCalled();
  });
});
