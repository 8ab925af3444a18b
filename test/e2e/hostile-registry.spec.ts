import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import type { Finding } from '@stagewright/engine';

import { HOSTILE_TEMPLATES } from '../support/hostile/templates.ts';
import { spawnServer } from '../support/server-process.ts';
import { apiOf } from './support/api.ts';
import type { Api } from './support/api.ts';
import type { RegistryAnswer } from './support/form-template.ts';
import { MANIFEST, makeGitRegistry } from './support/git-registry.ts';
import type { GitRegistry } from './support/git-registry.ts';
import { HOSTILE_RUNS, hostileCases } from './support/hostile-registry.ts';
import { startModelService } from './support/model-service.ts';
import type { ModelService } from './support/model-service.ts';
import { install } from './support/installation.ts';
import type { Installation } from './support/installation.ts';

jest.setTimeout(120_000);

const CASES = hostileCases();

describe('a server on a registry that wants to hurt it', () => {
  let registry: GitRegistry;
  let place: Installation;
  let model: ModelService;
  let prompts: string[];
  let api: Api;
  let answer: RegistryAnswer;
  let answersMeanwhile = 0;
  /** Written by whatever is run that should not be. */
  let canary: string;

  beforeAll(async () => {
    registry = makeGitRegistry({ 'stagewright.yaml': MANIFEST });
    canary = join(registry.url, '../CANARY');
    registry.publish('Harmless');
    prompts = [];
    model = await startModelService((prompt) => {
      prompts.push(prompt);
      if (prompt.startsWith('Many'))
        return { name: 'many', answer: Array.from({ length: 6_000 }, (_, id) => ({ id, same: true })) };
      return {
        name: 'other',
        text: prompt.startsWith('Deep') ? '['.repeat(20_000) + ']'.repeat(20_000) : '"x"',
      };
    });
    place = await install({ REGISTRY_URL: registry.url, ...model.settings });
    const server = await place.start();
    api = apiOf(server);
    for (const { name, files } of CASES)
      for (const [path, content] of Object.entries(files)) registry.put(`templates/${name}/${path}`, content);
    for (const [path, content] of Object.entries(HOSTILE_RUNS)) registry.put(path, content);
    registry.publish('Hostile');
    layTraps();
    let synced = false;
    const watching = (async () => {
      while (!synced) {
        const health = await fetch(`${server.url}/health/live`);
        if (health.ok) answersMeanwhile += 1;
      }
    })();
    answer = (await api.post<RegistryAnswer>('/registry/sync')).body;
    synced = true;
    await watching;
  });
  afterAll(async () => {
    await place.remove();
    await model.close();
    registry.remove();
  });

  /** Programs that Git runs where it is told to: hooks, filters, drivers, helpers; in the repository and in its files. */
  function layTraps(): void {
    const trap = join(registry.url, '../trap.sh');
    writeFileSync(trap, `#!/bin/sh\ntouch ${canary}\ncat\n`, { mode: 0o755 });
    const config = [
      `[core]\n\tfsmonitor = ${trap}\n\tsshCommand = ${trap}\n\tpager = ${trap}\n\teditor = ${trap}\n\taskPass = ${trap}\n\talternateRefsCommand = ${trap}`,
      `[filter "evil"]\n\tsmudge = ${trap}\n\tclean = ${trap}\n\tprocess = ${trap}\n\trequired = true`,
      `[diff "evil"]\n\ttextconv = ${trap}\n\tcommand = ${trap}`,
      `[merge "evil"]\n\tdriver = ${trap}`,
      `[credential]\n\thelper = !${trap}`,
      `[uploadpack]\n\tpackObjectsHook = ${trap}`,
      `[gpg]\n\tprogram = ${trap}`,
      '',
    ].join('\n');
    registry.put('.gitattributes', '* filter=evil diff=evil merge=evil\n');
    registry.put('bare/HEAD', 'ref: refs/heads/main\n');
    registry.put('bare/config', config.replace('[core]', '[core]\n\tbare = true'));
    registry.put('.gitmodules', `[submodule "x"]\n\tpath = x\n\turl = -x\n\tupdate = !touch ${canary}\n`);
    symlinkSync('/etc/passwd', join(registry.folder, 'templates/passwd.yaml'));
    symlinkSync('/etc', join(registry.folder, 'templates/etc'));
    registry.git('add', '--all');
    registry.git('update-index', '--add', '--cacheinfo', `160000,${registry.git('rev-parse', 'HEAD')},x`);
    registry.git('commit', '--quiet', '--message=Traps');
    registry.git('push', '--quiet', 'origin', 'main');
    // After the push, which is ours and may run what it likes.
    mkdirSync(join(registry.url, 'hooks'), { recursive: true });
    const hooks = ['reference-transaction', 'post-checkout', 'post-merge', 'pre-receive', 'post-update'];
    for (const hook of hooks)
      writeFileSync(join(registry.url, 'hooks', hook), `#!/bin/sh\ntouch ${canary}\n`, { mode: 0o755 });
    writeFileSync(join(registry.url, 'config'), `[core]\n\tbare = true\n${config}`);
  }

  const findingsOf = (name: string) =>
    answer.findings.filter(({ file }) => file.startsWith(`templates/${name}/`));

  it.each(CASES.filter(({ code }) => code !== null).map(({ row, name, code }) => [row, code, name]))(
    '%s gets %s',
    (_row, code, name) => {
      expect(findingsOf(name ?? '').map((finding) => finding.code)).toContain(code);
      expect(answer.templates.map((template) => template.name)).not.toContain(name);
    },
  );

  it.each(CASES.filter(({ code }) => code === null).map(({ row, name }) => [row, name]))(
    '%s serves',
    (_row, name) => {
      expect(findingsOf(name)).toEqual([]);
      expect(answer.templates).toContainEqual(expect.objectContaining({ name, broken: false }));
    },
  );

  it('G07, G08: refuses links and submodules one by one', () => {
    const refused = answer.findings.filter(({ code }) => code === 'REGISTRY_ENTRY_FORBIDDEN');
    expect(refused.map(({ file }) => file).sort()).toEqual([
      '.gitmodules',
      'templates/etc',
      'templates/passwd.yaml',
      'x',
    ]);
    expect(JSON.stringify(answer)).not.toContain('root:');
  });

  it.each([
    ['B09', 'nested-loops', { list: Array.from({ length: 30 }, () => 'x') }, 'PROMPT_RENDER_BUDGET'],
    ['J05', 'many', {}, 'OUTPUT_VALIDATION_BUDGET'],
    ['J06', 'deep', {}, 'OUTPUT_INVALID'],
  ])('%s: a run of %s fails with its code', async (_row, template, inputs, code) => {
    const { id } = await api.create({ template, inputs });
    const run = await api.until(id, 'failed');
    expect(run.stages.map(({ error }) => error?.code)).toEqual([code]);
  });

  it('B11: what a value brings along is text for the model, and is not rendered', async () => {
    const topic = '{{secrets.openai}} ${{ inputs.topic }} {{{constructor}}}';
    const { id } = await api.create({ template: 'told', inputs: { topic } });
    await api.until(id, 'done');
    expect(prompts.filter((prompt) => prompt.startsWith('Told'))).toEqual([
      expect.stringContaining(`Told of ${topic}.`),
    ]);
  });

  it('answers others meanwhile, and is whole afterwards', async () => {
    expect(answersMeanwhile).toBeGreaterThan(5);
    expect((await api.get('/templates')).status).toBe(200);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('refuses them over the API as well, with their findings and without a commit, and takes a twin', async () => {
    const posted = HOSTILE_TEMPLATES.flatMap(({ bad, code }) =>
      typeof bad === 'string' && bad.length < 300_000 ? [{ template: bad, code }] : [],
    );
    expect(posted.length).toBeGreaterThanOrEqual(20);
    for (const { template, code } of posted) {
      const refused = await api.post<{ code: string; findings: Finding[] }>('/templates', {
        template,
        files: { 'prompts/a.hbs': 'Write.\n' },
      });
      expect([code, refused.status]).toEqual([code, 422]);
      expect(refused.body.findings.map((finding) => finding.code)).toContain(code);
    }
    expect((await api.get<RegistryAnswer>('/registry')).body.commit).toBe(answer.commit);
    const [twin] = HOSTILE_TEMPLATES;
    const taken = await api.post('/templates', {
      template: twin?.twin,
      files: { 'prompts/a.hbs': 'Write.\n' },
    });
    expect(taken).toMatchObject({ status: 201, body: { served: true } });
    expect((await api.create({ template: 't' })).state).toBeDefined();
  });

  it('G09: ran nothing of it', () => {
    expect(existsSync(canary)).toBe(false);
  });

  it('G13: stops at a limit of files, and goes on with what it has', async () => {
    const { body: before } = await api.get<RegistryAnswer>('/registry');
    const files = Array.from({ length: 50_001 }, (_, index) => `M 100644 inline many/${index}\ndata 0\n\n`);
    const stream = `commit refs/heads/main\ncommitter a <a@example.org> 1 +0000\ndata 0\nfrom refs/heads/main^0\n${files.join('')}`;
    registry.feed(stream, 'fast-import', '--quiet', '--force');
    expect(await api.post('/registry/sync')).toMatchObject({
      status: 422,
      body: { code: 'REGISTRY_TOO_BIG' },
    });
    const { body } = await api.get<RegistryAnswer>('/registry');
    expect(body).toMatchObject({ commit: before.commit, failure: expect.stringContaining('50000') });
    expect(body.templates).toEqual(before.templates);
  });
});

describe('a server with a registry address or ref that is an attack', () => {
  let folder: Installation;
  let canary: string;
  beforeAll(async () => {
    folder = await install();
    canary = join(folder.dataDir, 'CANARY');
  });
  afterAll(() => folder.remove());

  it.each([
    ['G01', 'REGISTRY_URL', () => `ext::sh -c touch% ${canary}`, 'REGISTRY_URL_FORBIDDEN'],
    ['G02', 'REGISTRY_URL', () => `--upload-pack=touch ${canary}`, 'REGISTRY_URL_FORBIDDEN'],
    ['G03', 'REGISTRY_URL', () => '--config=protocol.ext.allow=always', 'REGISTRY_URL_FORBIDDEN'],
    ['G04', 'REGISTRY_URL', () => 'file:///etc', 'REGISTRY_URL_FORBIDDEN'],
    [
      'G10',
      'REGISTRY_URL',
      () => 'https://user:CANARY-TOKEN@git.example.org/x.git',
      'REGISTRY_URL_FORBIDDEN',
    ],
    ['G05', 'REGISTRY_REF', () => '--output=/x', 'REGISTRY_REF_INVALID'],
    ['G06', 'REGISTRY_REF', () => `zzz";touch\${IFS}${canary};#`, 'REGISTRY_REF_INVALID'],
  ])('%s: does not start on that %s, and runs nothing', async (_row, name, value, code) => {
    const child = spawnServer(folder.dataDir, { [name]: value() });
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await new Promise((ended) => child.once('close', ended))).toBe(1);
    expect(said).toContain(code);
    expect(said).not.toContain('CANARY');
    expect(existsSync(canary)).toBe(false);
  });
});
