import { describe, expect, it } from '@jest/globals';
import type { EgressRequest } from '@stagewright/engine';
import fc from 'fast-check';

import { reachOf } from './address-reach.ts';
import { EgressClient, allowHosts } from './index.ts';
import type { EgressOptions } from './index.ts';

/** A client whose connections are written down instead of made, and whose names resolve as the test says. */
function recorded(entries: string[], names: Record<string, string[] | string[][]> = {}) {
  const connections: Array<{ address: string; port: string; servername: string | undefined }> = [];
  const asked: string[] = [];
  const options: EgressOptions = {
    allow: allowHosts(entries),
    resolve: (name) => {
      asked.push(name);
      const answers = names[name] ?? [];
      const turn = asked.filter((one) => one === name).length - 1;
      const answer = Array.isArray(answers[0])
        ? (answers[Math.min(turn, answers.length - 1)] as string[])
        : answers;
      return Promise.resolve(answer as string[]);
    },
    connect: ({ hostname, port, servername }, callback) => {
      connections.push({ address: hostname, port, servername: servername ?? undefined });
      callback(Object.assign(new Error('recorded'), { code: 'RECORDED' }), null);
    },
  };
  const client = new EgressClient(options);
  const call = (url: string, more: Partial<EgressRequest> = {}) =>
    client.request({ url, method: 'GET', ...more }).then(
      () => 'answered',
      (error: { code: string; message: string }) => error.code,
    );
  return { client, call, connections, asked };
}

/** What the recording connector makes of a call that got as far as a connection. */
const LET_THROUGH = 'UPSTREAM_UNREACHABLE';

/** URLs that name an address or a host of the machine, its network or its cloud, however it is written. */
const HOSTILE: Array<[string, string]> = [
  ['H01', 'http://127.0.0.1:6379/'],
  ['H01', 'http://localhost/'],
  ['H01', 'http://[::1]/'],
  ['H02', 'http://2130706433/'],
  ['H02', 'http://0x7f.1/'],
  ['H02', 'http://0177.0.0.1/'],
  ['H02', 'http://127.1/'],
  ['H02', 'http://①②⑦.0.0.1/'],
  ['H02', 'http://127。0。0。1/'],
  ['H02', 'http://0/'],
  ['H03', 'http://169.254.169.254/latest/meta-data'],
  ['H03', 'http://[fd00:ec2::254]/'],
  ['H03', 'http://metadata.google.internal/'],
  ['H04', 'http://[::ffff:127.0.0.1]/'],
  ['H04', 'http://[64:ff9b::7f00:1]/'],
  ['H04', 'http://[2002:7f00:1::]/'],
  ['H07', 'file:///etc/passwd'],
  ['H07', 'gopher://good.example/'],
  ['H07', 'data:text/plain,x'],
  ['H07', 'ftp://good.example/'],
  ['H07', 'javascript:1'],
  ['H08', 'https://good.example@127.0.0.1/'],
  ['H08', 'http://good.example\\@127.0.0.1/'],
  ['H08', 'https://user:pass@good.example/'],
  ['H08', 'https://@good.example/'],
  ['H08', 'https:\\\\good.example/'],
  ['H08', 'https://good.example\\.evil.example/'],
  ['form', 'https:good.example/'],
  ['form', 'https:///good.example/'],
  ['form', ' https://good.example/'],
  ['form', 'https://good.example/\n'],
  ['form', 'https://good.exa\tmple/'],
  ['form', 'https://good.example./'],
  ['form', 'https://good.example/a b'],
  ['form', `https://good.example/${'a'.repeat(9_000)}`],
  ['form', ''],
  ['form', 'good.example'],
  ['host', 'https://evil.example/'],
  ['host', 'https://good.example.evil.example/'],
  ['port', 'https://good.example:22/'],
  ['port', 'http://good.example:6379/'],
];

describe('a URL that names what nobody may reach', () => {
  it.each(HOSTILE)('%s %s is refused before anything is resolved or connected', async (_row, url) => {
    const { call, connections, asked } = recorded(['good.example', '127.0.0.1:8080'], {
      'good.example': ['93.184.216.34'],
      localhost: ['127.0.0.1'],
    });
    expect(await call(url)).toBe('EGRESS_BLOCKED');
    expect([connections, asked]).toEqual([[], []]);
  });

  it.each([
    ['https://good.example/', '93.184.216.34', '', 'good.example'],
    ['http://good.example:80/path?q=1#part', '93.184.216.34', '', undefined],
    ['https://GOOD.example/', '93.184.216.34', '', 'good.example'],
    ['https://odd.example:8443/', '2606:4700::1', '8443', 'odd.example'],
    ['https://bücher.example/', '93.184.216.35', '', 'xn--bcher-kva.example'],
    ['http://127.0.0.1:8080/', '127.0.0.1', '8080', undefined],
    ['http://2130706433:8080/', '127.0.0.1', '8080', undefined],
    ['http://[::1]:8080/', '::1', '8080', undefined],
  ])('has a benign twin: %s is called at %s', async (url, address, port, servername) => {
    const { call, connections } = recorded(
      ['good.example', 'odd.example:8443', 'xn--bcher-kva.example', '127.0.0.1:8080', '[::1]:8080'],
      {
        'good.example': ['93.184.216.34'],
        'odd.example': ['2606:4700::1'],
        'xn--bcher-kva.example': ['93.184.216.35'],
      },
    );
    expect(await call(url)).toBe(LET_THROUGH);
    expect(connections).toEqual([{ address, port, servername }]);
  });

  it('names neither path nor query in its refusal', async () => {
    const { client } = recorded([]);
    const refused = client.request({ url: 'https://hooks.example/T0/secret?token=abc', method: 'GET' });
    const error = (await refused.catch((reason: unknown) => reason)) as Error;
    expect(error.message).toContain('https://hooks.example');
    expect(JSON.stringify([error, error.message, error.stack])).not.toMatch(/secret|token|abc/);
  });
});

describe('a name that is allowed', () => {
  it.each([
    ['127.0.0.1'],
    ['10.1.2.3'],
    ['169.254.169.254'],
    ['100.64.0.1'],
    ['0.0.0.0'],
    ['224.0.0.1'],
    ['::1'],
    ['fd00:ec2::254'],
    ['fe80::1'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
    ['2002:7f00:1::'],
    ['2001:db8::1'],
    ['not an address'],
  ])('but leads to %s is refused, also next to a public address', async (address) => {
    const { call, connections } = recorded(['a.example', 'b.example', 'c.example'], {
      'a.example': [address],
      'b.example': ['93.184.216.34', address],
      'c.example': [address, '93.184.216.34'],
    });
    for (const host of ['a.example', 'b.example', 'c.example'])
      expect(await call(`https://${host}/`)).toBe('EGRESS_BLOCKED');
    expect(connections).toEqual([]);
  });

  it('H05: is resolved once a call, and the connection goes to the address that was checked', async () => {
    const { call, connections, asked } = recorded(['rebind.example'], {
      'rebind.example': [['93.184.216.34'], ['127.0.0.1']],
    });
    expect(await call('http://rebind.example/')).toBe(LET_THROUGH);
    expect(asked).toEqual(['rebind.example']);
    expect(await call('http://rebind.example/')).toBe('EGRESS_BLOCKED');
    expect(connections.map(({ address }) => address)).toEqual(['93.184.216.34']);
  });

  it('is tried at its other addresses when one does not take the connection', async () => {
    const { call, connections } = recorded(['two.example'], {
      'two.example': ['2606:4700::1', '93.184.216.34'],
    });
    expect(await call('https://two.example/')).toBe(LET_THROUGH);
    expect(connections.map(({ address }) => address)).toEqual(['2606:4700::1', '93.184.216.34']);
  });

  it('may be unknown, which is worth another try', async () => {
    const { client } = recorded(['gone.example']);
    await expect(client.request({ url: 'https://gone.example/', method: 'GET' })).rejects.toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
      retryable: true,
    });
  });
});

describe('any text at all', () => {
  const hosts = [
    'good.example',
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '[::1]',
    '[::ffff:7f00:1]',
    'localhost',
    '169.254.169.254',
    'evil.example',
    'ⓖood.example',
    '%67ood.example',
    'good.example.',
    '0',
    '[fe80::1%25eth0]',
  ];
  const glue = [
    'http://',
    'https://',
    'HTTP:',
    '//',
    '/',
    '\\',
    '@',
    ':',
    '#',
    '?',
    '.',
    ':80',
    ':8080',
    ':443',
    ':22',
    '%00',
    '\t',
    '\n',
    '\u200b',
    '。',
    '／',
    '',
    'user',
    'x',
  ];
  const soup = fc
    .array(fc.constantFrom(...hosts, ...glue), { minLength: 1, maxLength: 8 })
    .map((parts) => parts.join(''));
  const nearlyRight = fc
    .tuple(
      fc.constantFrom('http://', 'https://'),
      fc.constantFrom(...hosts),
      fc.constantFrom('', ':80', ':8080', ':22'),
      fc.constantFrom('', '/', '/x?y#z', '@', '\\'),
    )
    .map((parts) => parts.join(''));
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.constantFrom('127.0.0.1', '93.184.216.34', '::1', '2606:4700::1'),
  );

  it('never leads to an address that is not allowed', async () => {
    let connected = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(soup, nearlyRight, fc.webUrl(), fc.string()),
        fc.array(address, { maxLength: 3 }),
        async (url, answers) => {
          const { call, connections } = recorded(['good.example', '127.0.0.1:8080'], {
            'good.example': answers,
          });
          const code = await call(url);
          for (const one of connections) {
            const literal = one.address === '127.0.0.1' && one.port === '8080';
            expect(literal || (reachOf(one.address) === 'public' && answers.includes(one.address))).toBe(
              true,
            );
          }
          connected += connections.length;
          expect(['EGRESS_BLOCKED', 'UPSTREAM_UNREACHABLE']).toContain(code);
        },
      ),
      { numRuns: 3_000 },
    );
    // The soup holds allowed targets too: a client that refuses everything would pass otherwise.
    expect(connected).toBeGreaterThan(10);
  }, 60_000);
});
