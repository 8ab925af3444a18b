import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StagewrightError } from '@stagewright/engine';

import { warningsOfSettings } from './settings-without-effect.ts';
import { loadSettings } from './load-settings.ts';
import { redact, secretValues } from './redaction.ts';
import type { Environment } from './settings.ts';

const STRONG_KEY = 'pX3v9Qm2LrT8sWc6ZbN1kHy7GdUeJf4A';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const load = (environment: Environment) => loadSettings({ cwd: folder, environment });

function refusal(environment: Environment): StagewrightError {
  try {
    load(environment);
  } catch (error) {
    if (error instanceof StagewrightError) return error;
    throw error;
  }
  throw new Error('the settings were accepted');
}

function badNames(environment: Environment): string[] {
  const { code, details } = refusal(environment);
  expect(code).toBe('CONFIG_INVALID');
  return (details?.['problems'] as Array<{ name: string }>).map(({ name }) => name);
}

describe('settings', () => {
  it('need nothing at all: an embedded server on this machine', () => {
    expect(load({})).toMatchObject({
      mode: 'embedded',
      http: { host: '127.0.0.1', port: 3000 },
      dataDir: join(folder, '.stagewright'),
      databaseUrl: null,
      redisUrl: null,
      registry: { url: null, ref: 'main' },
      cliLoopCommands: [],
      egressAllow: [],
      ai: {},
      logLevel: 'warn',
    });
  });

  it('make a distributed server of a database and a queue', () => {
    const settings = load({
      DATABASE_URL: 'postgres://u:p@db/x',
      REDIS_URL: 'redis://queue',
      SECRET_KEY: STRONG_KEY,
    });
    expect(settings).toMatchObject({ mode: 'distributed', secretKey: STRONG_KEY, logLevel: 'info' });
    expect(existsSync(join(folder, '.stagewright'))).toBe(false);
  });

  it('take an empty value for an absent one', () => {
    expect(load({ PORT: '', DATABASE_URL: ' ', REGISTRY_URL: '' })).toMatchObject({
      mode: 'embedded',
      http: { port: 3000 },
    });
  });

  it('read lists, numbers and services', () => {
    const settings = load({
      PORT: '0',
      CLI_LOOP_COMMANDS: 'lint=/opt/lint++, npm=/usr/bin/npm[test run]+network,vale=/usr/bin/vale+network',
      EGRESS_ALLOW: 'api.example.org,*.example.net, 127.0.0.1:8080,[::1]:8080',
      OPENAI_API_KEY: 'sk-1',
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
      AI_PROVIDER: 'openai',
    });
    expect(settings).toMatchObject({
      http: { port: 0 },
      cliLoopCommands: [
        { name: 'lint', path: '/opt/lint++', subcommands: null, network: false },
        { name: 'npm', path: '/usr/bin/npm', subcommands: ['test', 'run'], network: true },
        { name: 'vale', path: '/usr/bin/vale', subcommands: null, network: true },
      ],
      egressAllow: ['api.example.org', '*.example.net', '127.0.0.1:8080', '[::1]:8080'],
      ai: { openai: { apiKey: 'sk-1', baseUrl: 'http://127.0.0.1:9/v1' }, prefer: 'openai' },
    });
  });

  it.each<[string, Environment]>([
    ['PORT', { PORT: 'http' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '-1' }],
    ['PORT', { PORT: '0x50' }],
    ['HOST', { HOST: 'a b' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://x/y' }],
    ['DATABASE_URL', { DATABASE_URL: 'nonsense' }],
    ['REDIS_URL', { REDIS_URL: 'http://x', DATABASE_URL: 'postgres://x/y', SECRET_KEY: STRONG_KEY }],
    ['REDIS_URL', { REDIS_URL: 'redis://x' }],
    ['WORKER_LEASE_SECONDS', { WORKER_LEASE_SECONDS: '0' }],
    ['REGISTRY_SYNC_SECONDS', { REGISTRY_SYNC_SECONDS: '1.5' }],
    ['REGISTRY_SSH_KEY', { REGISTRY_SSH_KEY: '/key -o ProxyCommand=touch' }],
    ['OPENAI_BASE_URL', { OPENAI_BASE_URL: 'file:///etc' }],
    ['AZURE_OPENAI_ENDPOINT', { AZURE_OPENAI_API_KEY: 'x' }],
    ['AZURE_OPENAI_API_KEY', { AZURE_OPENAI_ENDPOINT: 'https://x.openai.azure.com' }],
    ['AI_PROVIDER', { AI_PROVIDER: 'openia' }],
    ['CLI_LOOP_COMMANDS', { CLI_LOOP_COMMANDS: 'npm; rm' }],
    ['CLI_LOOP_COMMANDS', { CLI_LOOP_COMMANDS: 'make' }],
    ['CLI_LOOP_COMMANDS', { CLI_LOOP_COMMANDS: 'make=bin/make' }],
    ['CLI_LOOP_COMMANDS', { CLI_LOOP_COMMANDS: 'make=/usr/bin/make[]' }],
    ['CLI_LOOP_COMMANDS', { CLI_LOOP_COMMANDS: 'make=/usr/bin/make[ ]' }],
    ['CLI_LOOP_COMMANDS', { CLI_LOOP_COMMANDS: 'make=/usr/bin/make --all' }],
    ['CLI_LOOP_COMMANDS', { CLI_LOOP_COMMANDS: '../sh=/bin/sh' }],
    ['CLI_LOOP_COMMANDS', { CLI_LOOP_COMMANDS: 'a=/bin/a,a=/bin/b' }],
    ['EGRESS_ALLOW', { EGRESS_ALLOW: '*' }],
    ['EGRESS_ALLOW', { EGRESS_ALLOW: 'https://example.org' }],
    ['STAGEWRIGHT_PLUGINS', { STAGEWRIGHT_PLUGINS: '../evil' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['STAGEWRIGHT_PLUGIN', { STAGEWRIGHT_PLUGIN: 'x' }],
    ['AZURE_OPENAI_KEY', { AZURE_OPENAI_KEY: 'x' }],
    ['CLI_LOOP_COMMAND', { CLI_LOOP_COMMAND: 'x' }],
  ])('refuse %s in %j', (name, environment) => {
    expect(badNames(environment)).toEqual([name]);
  });

  it('name everything that is bad at once, and show no value', () => {
    const error = refusal({
      PORT: 'CANARY-1',
      DATABASE_URL: 'CANARY-2',
      LOG_LEVEL: 'CANARY-3',
      STAGEWRIGHT_TOKN: 'CANARY-4',
    });
    expect(error.details?.['problems']).toHaveLength(4);
    expect(error.message).toMatch(/PORT[^]*DATABASE_URL[^]*LOG_LEVEL[^]*STAGEWRIGHT_TOKN/);
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('CANARY');
  });

  it('leave the names of other programs alone', () => {
    expect(load({ PATH: '/bin', PORTS: '1', HOSTNAME: 'x', STAGEWRIGHT_TOKEN: 'client' }).http.port).toBe(
      3000,
    );
  });
});

describe('the .env file', () => {
  it('is read, and what is really set wins over it', () => {
    const before = process.env['REGISTRY_REF'];
    writeFileSync(join(folder, '.env'), 'REGISTRY_REF=from-file\nREGISTRY_SYNC_SECONDS=7\n');
    try {
      process.env['REGISTRY_REF'] = 'from-environment';
      expect(loadSettings({ cwd: folder }).registry).toMatchObject({
        ref: 'from-environment',
        syncSeconds: 7,
      });
    } finally {
      if (before === undefined) delete process.env['REGISTRY_REF'];
      else process.env['REGISTRY_REF'] = before;
    }
  });

  it('may not hold a mistyped name', () => {
    writeFileSync(join(folder, '.env'), 'DATABSE_URL=postgres://x/y\nPOSTGRES_PASSWORD=fine\n');
    expect(() => loadSettings({ cwd: folder })).toThrow(
      /DATABSE_URL: is no setting; did you mean DATABASE_URL\?/,
    );
  });

  it('gives way to the flags of a command', () => {
    writeFileSync(join(folder, '.env'), 'REGISTRY_REF=from-file\n');
    expect(
      loadSettings({ cwd: folder, overrides: { REGISTRY_REF: 'from-flag', PORT: undefined } }).registry.ref,
    ).toBe('from-flag');
  });
});

describe('SECRET_KEY', () => {
  const shared = { DATABASE_URL: 'postgres://db/x' };

  it.each<[string, Environment]>([
    ['missing where servers share a database', shared],
    ['a single letter', { ...shared, SECRET_KEY: 'x' }],
    ['a byte too short', { ...shared, SECRET_KEY: STRONG_KEY.slice(1) }],
    ['one letter over and over', { ...shared, SECRET_KEY: 'a'.repeat(64) }],
    ['a pattern', { ...shared, SECRET_KEY: 'abcabcabc'.repeat(8) }],
    ['out of an example', { ...shared, SECRET_KEY: 'please-change-me-before-production-1234' }],
    ['weak on one machine too', { SECRET_KEY: 'x' }],
  ])('is refused when it is %s', (_title, environment) => {
    expect(refusal(environment)).toMatchObject({
      code: 'CONFIG_INSECURE',
      message: expect.stringMatching(/^SECRET_KEY /),
    });
  });

  it('is made once on one machine and kept for its owner alone', () => {
    const { secretKey } = load({});
    const path = join(folder, '.stagewright/secret-key');
    expect(Buffer.byteLength(secretKey)).toBeGreaterThanOrEqual(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, '.stagewright')).mode & 0o077).toBe(0);
    expect(load({}).secretKey).toBe(secretKey);
    expect(readFileSync(path, 'utf8').trim()).toBe(secretKey);
  });

  it('is not guessed when the kept file was emptied', () => {
    load({});
    writeFileSync(join(folder, '.stagewright/secret-key'), '');
    expect(refusal({})).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('says so when the data directory cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(refusal({ DATA_DIR: 'file/below' })).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('DATA_DIR'),
    });
  });
});

describe('redaction', () => {
  it('blanks every key and every password of an address', () => {
    const settings = load({
      DATABASE_URL: 'postgres://u:CANARY-DB@db/x',
      REDIS_URL: 'redis://:CANARY-REDIS@q',
      SECRET_KEY: STRONG_KEY,
      OPENAI_API_KEY: 'CANARY-OPENAI',
      ANTHROPIC_API_KEY: 'CANARY-ANTHROPIC',
      LOCAL_AI_BASE_URL: 'http://127.0.0.1/v1',
      LOCAL_AI_API_KEY: 'CANARY-LOCAL',
      AZURE_OPENAI_API_KEY: 'CANARY-AZURE',
      AZURE_OPENAI_ENDPOINT: 'https://x.openai.azure.com',
    });
    const text = redact(`a ${JSON.stringify(settings)} b`, secretValues(settings));
    expect(text).not.toMatch(/CANARY/);
    expect(text).not.toContain(STRONG_KEY);
    expect(text).toMatch(/^a .* b$/);
  });
});

describe('settings that do nothing yet', () => {
  it('are warned about when they are given, and only then', () => {
    expect(warningsOfSettings({ plugins: [] })).toEqual([]);
    const given = warningsOfSettings({ plugins: ['p'] });
    expect(given.map((line) => line.split(' ')[0])).toEqual(['STAGEWRIGHT_PLUGINS']);
  });
});
