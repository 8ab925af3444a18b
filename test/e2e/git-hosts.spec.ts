import { createHmac } from 'node:crypto';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RunView } from '@stagewright/engine';

import { hostTools, startHttpHost, startSshHost } from '../support/git-hosts.ts';
import type { GitHost, SshHost } from '../support/git-hosts.ts';
import { apiOf } from './support/api.ts';
import type { Api } from './support/api.ts';
import { formTemplate, templatePath } from './support/form-template.ts';
import type { RegistryAnswer } from './support/form-template.ts';
import { MANIFEST, makeGitRegistry } from './support/git-registry.ts';
import type { GitRegistry } from './support/git-registry.ts';
import { install } from './support/installation.ts';
import type { Installation } from './support/installation.ts';

jest.setTimeout(60_000);

const MEMO = templatePath('memo');
const SOON_MS = 15_000;

function memoRegistry(): GitRegistry {
  return makeGitRegistry({ 'stagewright.yaml': MANIFEST, [MEMO]: formTemplate('memo', '1.0.0') });
}

/** Waits until the server serves the commit. */
async function serves(api: Api, commit: string): Promise<RegistryAnswer> {
  const end = Date.now() + SOON_MS;
  for (;;) {
    const { body } = await api.get<RegistryAnswer>('/registry');
    if (body.commit === commit) return body;
    if (Date.now() > end) throw new Error(`It serves ${body.commit} instead of ${commit}: ${body.failure}`);
    await new Promise((later) => setTimeout(later, 50));
  }
}

const parked = (api: Api): Promise<RunView> => api.create({ template: 'memo' });

/** Fills in what the run waits for; it must end with these stages, of the revision that it began with. */
async function ends(api: Api, run: RunView, stages: string[]): Promise<void> {
  for (const stage of stages) {
    await api.until(run.id, 'input_pending');
    expect((await api.verb(run.id, 'submit-input', { stage, input: { text: stage } })).status).toBe(200);
  }
  const done = await api.until(run.id, 'done');
  expect(done.revision).toEqual(run.revision);
  expect(done.stages.map(({ id }) => id)).toEqual(stages);
}

describe('a registry on a Git host that speaks smart HTTP', () => {
  const SECRET = 'a secret of tests, and of nothing else';
  let registry: GitRegistry;
  let host: GitHost;
  let place: Installation;
  let api: Api;
  let url: string;

  beforeAll(async () => {
    registry = memoRegistry();
    registry.publish('One');
    host = await startHttpHost(join(registry.url, '..'), { login: 'git:CANARY-TOKEN' });
    place = await install({
      REGISTRY_URL: `${host.url}/registry.git`,
      REGISTRY_TOKEN: 'CANARY-TOKEN',
      REGISTRY_WEBHOOK_SECRET: SECRET,
    });
    const server = await place.start();
    ({ url } = server);
    api = apiOf(server);
  });
  afterAll(async () => {
    await place.remove();
    await host.close();
    registry.remove();
  });

  /** As GitHub sends it, and with no token. */
  async function webhook(body: unknown, secret = SECRET): Promise<{ status: number; body: unknown }> {
    const text = JSON.stringify(body);
    const signature = `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
    const answer = await fetch(`${url}/api/v1/registry/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
      body: text,
    });
    return { status: answer.status, body: await answer.json() };
  }
  const pushed = { ref: 'refs/heads/main' };

  it('is read at once after a push, and a run that waits ends as it began', async () => {
    const old = await parked(api);
    registry.put(MEMO, formTemplate('memo', '2.0.0'));
    const second = registry.publish('Two');
    expect(await webhook(pushed)).toEqual({ status: 202, body: { syncs: true } });
    await serves(api, second);
    const young = await parked(api);
    expect(young.revision).toMatchObject({ version: '2.0.0', commit: second });
    await ends(api, old, ['write']);
    await ends(api, young, ['write', 'proofread']);
  });

  it('is not read for whoever does not know the secret, nor for another branch', async () => {
    const { body: before } = await api.get<RegistryAnswer>('/registry');
    registry.put('README.md', 'Nothing of a template.\n');
    registry.publish('Not told');
    expect(await webhook(pushed, 'guessed')).toMatchObject({
      status: 401,
      body: { code: 'WEBHOOK_NOT_SIGNED' },
    });
    expect(await webhook({ ref: 'refs/heads/topic' })).toEqual({ status: 202, body: { syncs: false } });
    expect(await webhook({ zen: 'A ping says no ref.' })).toEqual({ status: 202, body: { syncs: false } });
    expect((await api.get<RegistryAnswer>('/registry')).body.commit).toBe(before.commit);
  });

  it('keeps whole what waits when history is rewritten, and starts nothing new on what is lost', async () => {
    registry.put(MEMO, formTemplate('memo', '2.1.0'));
    const lost = registry.publish('To be lost');
    await webhook(pushed);
    await serves(api, lost);
    const old = await parked(api);
    registry.git('reset', '--quiet', '--hard', 'HEAD~1');
    registry.put(MEMO, formTemplate('memo', '1.5.0'));
    registry.git('commit', '--quiet', '--all', '--message=Instead');
    registry.git('push', '--quiet', '--force', 'origin', 'main');
    await webhook(pushed);
    const now = await serves(api, registry.git('rev-parse', 'HEAD'));
    expect(now.findings).toEqual([
      expect.objectContaining({
        code: 'REGISTRY_REWRITTEN',
        severity: 'warning',
        message: expect.stringContaining(lost),
      }),
    ]);
    expect(await api.post('/runs', { template: 'memo', revision: lost })).toMatchObject({
      status: 409,
      body: { code: 'REGISTRY_REWRITTEN' },
    });
    expect((await parked(api)).revision.version).toBe('1.5.0');
    await ends(api, old, ['write', 'proofread']);
  });

  it('goes on serving while the host is away, says why and how old it is, and recovers', async () => {
    const { body: before } = await api.get<RegistryAnswer>('/registry');
    const port = Number(new URL(host.url).port);
    await host.close();
    const answer = await api.post('/registry/sync');
    expect(answer).toMatchObject({ status: 502, body: { code: 'REGISTRY_UNREACHABLE' } });
    expect(JSON.stringify(answer)).not.toContain('CANARY');
    const { body: away } = await api.get<RegistryAnswer>('/registry');
    expect(away).toMatchObject({
      commit: before.commit,
      templates: before.templates,
      failure: expect.stringMatching(/^REGISTRY_UNREACHABLE: /),
      ageSeconds: expect.any(Number),
    });
    expect((await parked(api)).revision.version).toBe('1.5.0');
    host = await startHttpHost(join(registry.url, '..'), { login: 'git:CANARY-TOKEN', port });
    expect((await api.post('/registry/sync')).body).toMatchObject({ commit: before.commit, failure: null });
  });
});

(hostTools.sshd ? describe : describe.skip)(
  'a registry on a Git host that speaks ssh (needs openssh-server)',
  () => {
    let registry: GitRegistry;
    let host: SshHost;
    let first: string;
    const places: Installation[] = [];

    beforeAll(async () => {
      registry = memoRegistry();
      first = registry.publish('One');
      registry.git('tag', 'v1');
      registry.git('push', '--quiet', 'origin', 'v1');
      host = await startSshHost(join(registry.url, '../ssh'));
    });
    afterAll(async () => {
      for (const place of places) await place.remove();
      await host.close();
      registry.remove();
    });

    /** A server that looks every second. */
    async function following(ref: string): Promise<Api> {
      const place = await install({
        REGISTRY_URL: `${host.url}${registry.url}`,
        REGISTRY_REF: ref,
        REGISTRY_SSH_KEY: host.key,
        REGISTRY_SSH_KNOWN_HOSTS: host.knownHosts,
        REGISTRY_SYNC_SECONDS: '1',
      });
      places.push(place);
      return apiOf(await place.start());
    }

    it('is read within an interval: a push serves new runs, a tag only when it moves, and both leave what waits', async () => {
      const [branch, tag] = await Promise.all([following('main'), following('v1')]);
      const old = await Promise.all([parked(branch), parked(tag)]);
      registry.put(MEMO, formTemplate('memo', '2.0.0'));
      const second = registry.publish('Two');
      expect((await serves(branch, second)).findings).toEqual([]);
      await new Promise((interval) => setTimeout(interval, 1_200));
      expect((await tag.get<RegistryAnswer>('/registry')).body.commit).toBe(first);

      registry.git('tag', '--force', 'v1');
      registry.git('push', '--quiet', '--force', 'origin', 'v1');
      const { findings } = await serves(tag, second);
      expect(findings).toEqual([
        expect.objectContaining({
          code: 'REGISTRY_REWRITTEN',
          message: expect.stringContaining('The tag v1 was moved'),
        }),
      ]);
      for (const [index, api] of [branch, tag].entries()) {
        const young = await parked(api);
        expect(young.revision).toMatchObject({ version: '2.0.0', commit: second });
        await ends(api, old[index]!, ['write']);
        await ends(api, young, ['write', 'proofread']);
      }
    });
  },
);
