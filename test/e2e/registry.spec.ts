import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { apiOf } from './support/api.ts';
import type { Api } from './support/api.ts';
import { MANIFEST, makeGitRegistry } from './support/git-registry.ts';
import type { GitRegistry } from './support/git-registry.ts';
import { describeOnEachDeployment } from './support/deployments.ts';
import type { Installation } from './support/installation.ts';
import { formTemplate, templatePath } from './support/form-template.ts';
import type { RegistryAnswer } from './support/form-template.ts';

jest.setTimeout(120_000);

const NAMES = ['letter', 'memo', 'note'];

describeOnEachDeployment(describe, 'a registry in Git', ({ install }) => {
  let registry: GitRegistry;
  let place: Installation;
  let api: Api;
  let first: string;

  beforeAll(async () => {
    registry = makeGitRegistry({
      'stagewright.yaml': MANIFEST,
      ...Object.fromEntries(NAMES.map((name) => [templatePath(name), formTemplate(name, '1.0.0')])),
    });
    first = registry.publish('One');
    place = await install({ REGISTRY_URL: registry.url });
    api = apiOf(await place.start());
  });
  afterAll(async () => {
    await place.remove();
    registry.remove();
  });

  const sync = async (): Promise<RegistryAnswer> => {
    const { status, body } = await api.post<RegistryAnswer>('/registry/sync');
    expect(status).toBe(200);
    return body;
  };
  const served = ({ templates }: RegistryAnswer) =>
    templates.map(({ name, version, commit, broken }) => ({ name, version, commit, broken }));
  const fill = (id: string, stage: string) => api.verb(id, 'submit-input', { stage, input: { text: stage } });

  it('serves a new commit to new runs, while a run that waits ends on the revision it began with', async () => {
    const parked = await api.create({ template: 'memo' });
    expect(parked.revision).toMatchObject({ version: '1.0.0', commit: first });
    registry.put(templatePath('memo'), formTemplate('memo', '2.0.0'));
    const second = registry.publish('Two');
    expect(await sync()).toMatchObject({ commit: second, failure: null, findings: [] });

    const fresh = await api.create({ template: 'memo' });
    expect(fresh.revision).toMatchObject({ version: '2.0.0', commit: second });
    expect(fresh.revision.digest).not.toBe(parked.revision.digest);
    await fill(parked.id, 'write');
    await fill(fresh.id, 'write');
    const old = await api.until(parked.id, 'done');
    expect(old.revision).toEqual(parked.revision);
    expect(old.stages.map(({ id }) => id)).toEqual(['write']);
    expect((await api.until(fresh.id, 'input_pending')).waitingFor).toMatchObject([{ stage: 'proofread' }]);
    const asked = await api.create({ template: 'memo', revision: parked.revision.digest });
    expect(asked.revision).toEqual(parked.revision);
  });

  it('with one broken template of three serves two new ones and the last good one, and says what is wrong and where', async () => {
    const before = served(await sync());
    for (const name of NAMES) registry.put(templatePath(name), formTemplate(name, '2.1.0'));
    const broken = formTemplate('letter', '2.1.0').replace(
      'stages.write.output.text',
      'stages.rite.output.text',
    );
    registry.put(templatePath('letter'), broken);
    const commit = registry.publish('Three, one broken');
    const answer = await sync();

    expect(served(answer)).toEqual([
      { ...before.find(({ name }) => name === 'letter'), broken: true },
      { name: 'memo', version: '2.1.0', commit, broken: false },
      { name: 'note', version: '2.1.0', commit, broken: false },
    ]);
    const lines = broken.split('\n');
    const line = lines.findIndex((text) => text.includes('stages.rite')) + 1;
    const column = (lines[line - 1] ?? '').indexOf('rite') + 1;
    expect(answer.findings).toHaveLength(1);
    expect(answer.findings[0]).toMatchObject({
      code: 'TEMPLATE_UNKNOWN_STAGE',
      severity: 'error',
      file: templatePath('letter'),
      line,
      column,
    });
    expect((await api.create({ template: 'letter' })).revision).toMatchObject({
      version: '1.0.0',
      commit: first,
    });
    expect((await api.create({ template: 'note' })).revision).toMatchObject({ version: '2.1.0', commit });

    registry.put(templatePath('letter'), formTemplate('letter', '2.1.1'));
    const mended = await sync()
      .then(() => registry.publish('Mended'))
      .then(sync);
    expect(mended.findings).toEqual([]);
    expect(served(mended).every((entry) => !entry.broken)).toBe(true);
  });

  it('refuses symbolic links and submodules one by one, and the rest stands', async () => {
    symlinkSync('/etc/passwd', join(registry.folder, 'templates/a.yaml'));
    symlinkSync('/etc', join(registry.folder, 'templates/outside'));
    registry.put(
      '.gitmodules',
      '[submodule "x"]\n\tpath = templates/x\n\turl = -x\n\tupdate = !touch /tmp/owned\n',
    );
    registry.git('add', '--all');
    registry.git('update-index', '--add', '--cacheinfo', `160000,${first},templates/x`);
    registry.put(templatePath('note'), formTemplate('note', '2.2.0'));
    registry.git('add', templatePath('note'), '.gitmodules', 'templates/a.yaml', 'templates/outside');
    registry.git('commit', '--quiet', '-m', 'Links and a submodule');
    registry.git('push', '--quiet', 'origin', 'main');
    const answer = await sync();

    expect(
      answer.findings.map(({ file, code }) => ({ file, code })).sort((a, b) => a.file.localeCompare(b.file)),
    ).toEqual(
      ['.gitmodules', 'templates/a.yaml', 'templates/outside', 'templates/x'].map((file) => ({
        file,
        code: 'REGISTRY_ENTRY_FORBIDDEN',
      })),
    );
    expect(JSON.stringify(answer)).not.toContain('root:');
    expect(served(answer).map(({ name, version, broken }) => ({ name, version, broken }))).toEqual([
      { name: 'letter', version: '2.1.1', broken: false },
      { name: 'memo', version: '2.1.0', broken: false },
      { name: 'note', version: '2.2.0', broken: false },
    ]);
  });

  it('that cannot be read any more leaves what it served, and says so', async () => {
    const before = served((await api.get<RegistryAnswer>('/registry')).body);
    renameSync(registry.url, `${registry.url}.gone`);
    expect(await api.post('/registry/sync')).toMatchObject({
      status: 502,
      mediaType: 'application/problem+json',
      body: { code: 'REGISTRY_UNREACHABLE' },
    });
    const { body } = await api.get<RegistryAnswer>('/registry');
    expect(body.failure).toContain('REGISTRY_UNREACHABLE');
    expect(served(body)).toEqual(before);
    expect((await api.create({ template: 'memo' })).revision.version).toBe('2.1.0');
  });
});
