import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { apiOf } from '../e2e/support/api.ts';
import { formTemplate, templatePath } from '../e2e/support/form-template.ts';
import type { RegistryAnswer } from '../e2e/support/form-template.ts';
import { MANIFEST, makeGitRegistry } from '../e2e/support/git-registry.ts';
import type { GitRegistry } from '../e2e/support/git-registry.ts';
import { install } from '../e2e/support/installation.ts';
import type { Installation } from '../e2e/support/installation.ts';
import type { ServerProcess } from '../support/server-process.ts';

jest.setTimeout(120_000);

const NAMES = Array.from({ length: 60 }, (_, index) => `memo-${index}`);
/** Milliseconds into a sync: while Git fetches, while templates are checked, while rows are written. */
const MOMENTS = [20, 60, 120, 180, 240, 320];

/** F28: kill -9 in the middle of a sync. */
describe('a server that is killed while it reads its registry', () => {
  let registry: GitRegistry;
  let place: Installation;
  let server: ServerProcess;
  beforeAll(async () => {
    registry = makeGitRegistry({ 'stagewright.yaml': MANIFEST });
    write('1.0.0');
    place = await install({ REGISTRY_URL: registry.url });
    server = await place.start();
  });
  afterAll(async () => {
    await place.remove();
    registry.remove();
  });

  function write(version: string): string {
    for (const name of NAMES) registry.put(templatePath(name), formTemplate(name, version));
    return registry.publish(version);
  }

  it('serves all of the old commit or all of the new one afterwards, and the new one after the next sync', async () => {
    const seen = new Set<string>();
    for (const [index, ms] of MOMENTS.entries()) {
      const old = `1.${index}.0`;
      const version = `1.${index + 1}.0`;
      const commit = write(version);
      const cut = apiOf(server)
        .post('/registry/sync')
        .then(
          () => 'ended',
          () => 'cut',
        );
      await new Promise((later) => setTimeout(later, ms));
      await server.kill();
      seen.add(await cut);
      server = await place.start();
      const { body } = await apiOf(server).get<RegistryAnswer>('/registry');
      const versions = [...new Set(body.templates.map((template) => template.version))];
      expect([[old], [version]]).toContainEqual(versions);
      expect(body.templates).toHaveLength(NAMES.length);
      expect((await apiOf(server).post<RegistryAnswer>('/registry/sync')).body).toMatchObject({
        commit,
        failure: null,
      });
    }
    // Otherwise nothing was tried.
    expect(seen).toContain('cut');
  });
});
