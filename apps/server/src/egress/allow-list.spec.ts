import { describe, expect, it } from '@jest/globals';

import { allowHosts, allowOrigins } from './allow-list.ts';

describe('EGRESS_ALLOW', () => {
  const allow = allowHosts([
    'api.example.org',
    '*.example.net',
    'odd.example.com:8443',
    'UPPER.example.org',
    '127.0.0.1:8080',
    '[::1]:8080',
    '93.184.216.34',
  ]);

  it.each([
    ['https://api.example.org/', 'public'],
    ['http://api.example.org/', 'public'],
    ['https://a.example.net', 'public'],
    ['https://b.a.example.net', 'public'],
    ['https://odd.example.com:8443', 'public'],
    ['https://upper.example.org', 'public'],
    ['http://127.0.0.1:8080', 'public-or-private'],
    ['http://[::1]:8080', 'public-or-private'],
    ['https://93.184.216.34', 'public'],
  ])('lets %s through', (url, addresses) => expect(allow(new URL(url))).toMatchObject({ addresses }));

  it.each([
    ['https://example.org', 'the name above'],
    ['https://x.api.example.org', 'a name below an exact one'],
    ['https://example.net', 'the name that *. stands under'],
    ['https://evilexample.net', 'a name that only ends alike'],
    ['https://api.example.org.evil.com', 'a name that only begins alike'],
    ['https://api.example.org:8443', 'a port that nobody named'],
    ['https://odd.example.com', 'the usual port, where another one is named'],
    ['http://127.0.0.1', 'another port of a private address'],
    ['http://127.0.0.2:8080', 'its neighbour'],
    ['http://localhost:8080', 'another name of it'],
  ])('refuses %s: %s', (url) => expect(allow(new URL(url))).toBeUndefined());

  it('lets nothing through when it is empty', () => {
    expect(allowHosts([])(new URL('https://example.org'))).toBeUndefined();
  });

  it.each([
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['[::1]'],
    ['169.254.169.254:80'],
    ['[fd00:ec2::254]:80'],
    ['0.0.0.0:80'],
    ['*.127.0.0.1:80'],
    ['0x7f.1:80'],
    ['2130706433:80'],
    ['127.1:80'],
    ['api.example.org:0'],
    ['api.example.org:70000'],
    ['api.example.org.'],
    ['*'],
    ['*.'],
    ['a.*.org'],
    ['https://example.org'],
    ['user@example.org'],
    ['example.org/path'],
    [''],
  ])('does not take the entry "%s"', (entry) => {
    expect(() => allowHosts([entry])).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

describe('origins that the operator configured', () => {
  it('are let through by scheme, host and port, and nothing else is', () => {
    const allow = allowOrigins(['https://api.openai.com/v1', 'http://localhost:11434/v1']);
    expect(allow(new URL('https://api.openai.com/v1/chat/completions'))).toBeDefined();
    expect(allow(new URL('https://api.openai.com:443/'))).toBeDefined();
    expect(allow(new URL('http://localhost:11434/api'))).toEqual({ addresses: 'public-or-private' });
    for (const url of [
      'http://api.openai.com/v1',
      'https://api.openai.com:8443',
      'http://localhost',
      'https://evil.example',
    ])
      expect(allow(new URL(url))).toBeUndefined();
  });
});
