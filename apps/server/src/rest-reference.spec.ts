/*
 * docs/reference/rest.md shows requests with the status of their answers. They are sent here, in order, to a real
 * server; when one fails, the guide or the API is wrong.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { createServer } from './server.ts';
import type { RunningServer } from './server.ts';

jest.setTimeout(120_000);

const REFERENCE = join(import.meta.dirname, '../../../docs/reference');
const GUIDE = readFileSync(join(REFERENCE, 'rest.md'), 'utf8');
const EXAMPLES = [...GUIDE.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
  [...block.matchAll(/^(curl .+)\n# (\d{3})$/gm)].map(([, command = '', status = '']) => ({
    command,
    status: Number(status),
  })),
);
/** Decisions wait until there is something to decide. */
const DECISION = /\/(approvals\?run|request-changes|approve)\b/;

const variables: Record<string, string> = {};

interface Sent {
  url: string;
  init: { method: string; headers: Record<string, string>; body?: string };
}

/** The request that curl would send. Knows the options that the guide uses and refuses all others. */
function requestOf(command: string): Sent {
  const words = [...command.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => single ?? expanded(double ?? bare ?? ''),
  );
  const sent: Sent = { url: '', init: { method: 'GET', headers: {} } };
  const options: Record<string, (value: string) => void> = {
    '-X': (value) => (sent.init.method = value),
    '-H': (value) => {
      const [name = '', ...rest] = value.split(': ');
      sent.init.headers[name] = rest.join(': ');
    },
    '-d': (value) => (sent.init.body = value),
    '--data-binary': (value) => (sent.init.body = value),
    '--output': () => undefined,
  };
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const option = options[word];
    if (option !== undefined) option(words[(index += 1)] ?? '');
    else if (word.startsWith('-') && word !== '--no-buffer') throw new Error(`${word} is not known here`);
    else if (!word.startsWith('-')) sent.url = word;
  }
  return sent;
}

function expanded(word: string): string {
  return word.replace(/\$([A-Z]+)/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`$${name} is not set when it is used`);
    return value;
  });
}

let folder: string;
let server: RunningServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rest-reference-'));
  const environment = {
    DATA_DIR: join(folder, 'data'),
    PORT: '0',
    LOG_LEVEL: 'silent',
    PATH: process.env['PATH'],
  };
  server = await createServer({ environment });
  Object.assign(variables, { URL: server.url, TOKEN: server.token });
}, 60_000);
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function runWaits(): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const { url, init } = requestOf('curl "$URL/api/v1/runs/$RUN" -H "Authorization: Bearer $TOKEN"');
    const { state } = (await (await fetch(url, init)).json()) as { state: string };
    if (state === 'approval_pending') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The run never waited for an approval.');
}

/** What the guide tells the reader to remember. */
function remember(url: string, method: string, answer: unknown): void {
  const { id, artifact } = answer as { id?: string; artifact?: string };
  if (method === 'POST' && url.endsWith('/runs') && id !== undefined) variables['RUN'] = id;
  if (method === 'POST' && url.includes('/artifacts?') && artifact !== undefined)
    variables['ARTIFACT'] = artifact;
}

describe('the guide to the REST API', () => {
  it('has examples', () => {
    expect(EXAMPLES.length).toBeGreaterThan(20);
    expect(GUIDE.match(/^curl /gm)).toHaveLength(EXAMPLES.length);
  });

  it('shows requests that are answered as it says, one after the other', async () => {
    for (const { command, status } of EXAMPLES) {
      if (DECISION.test(command)) await runWaits();
      const { url, init } = requestOf(command);
      const response = await fetch(url, init);
      const text = await response.text();
      expect({ command, status: response.status, text }).toEqual({ command, status, text });
      const type = response.headers.get('content-type') ?? '';
      if (type.startsWith('application/json')) remember(url, init.method, JSON.parse(text));
      if (status >= 400) expect(type).toMatch(/^application\/problem\+json/);
      if (command.includes('/events')) expect(text).toMatch(/^id: \d+\.\d+\nevent: \S+\ndata: \{.*\}$/m);
    }
  });

  it('names every verb', () => {
    const { paths } = JSON.parse(readFileSync(join(REFERENCE, 'openapi.json'), 'utf8')) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const verbs = Object.entries(paths).flatMap(([path, methods]) => {
      const verb = /^\/api\/v1\/runs\/\{id\}\/([a-z-]+)$/.exec(path)?.[1];
      return verb !== undefined && 'post' in methods ? [verb] : [];
    });
    const rows = [...GUIDE.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, verb]) => verb);
    expect(rows.sort()).toEqual(verbs.sort());
  });
});
