import { createHash } from 'node:crypto';
import { withFixture } from './test-runner.ts';
import type { Fixture, TestRunner } from './test-runner.ts';
import type { NewArtifact } from '../../ports/action-context.ts';
import type { ArtifactOrigin, ArtifactStore } from '../../ports/artifact-store.ts';

export interface ArtifactStoreFixture extends Fixture {
  store: ArtifactStore;
  /** A workspace and a run that may hold artifacts. Default: ids that name themselves. */
  workspace?: string;
  run?: string;
}

const BAD_NAMES = [
  '../a',
  '..\\a',
  '/etc/passwd',
  'C:\\a',
  'a/b',
  '..',
  '.',
  '',
  'a\u0000b',
  'a\nb',
  'a\u202eb',
  'CON',
  'x'.repeat(300),
];

/** What every implementation of the artifact store port does. */
export function artifactStoreContract(
  runner: TestRunner,
  name: string,
  make: () => Promise<ArtifactStoreFixture> | ArtifactStoreFixture,
): void {
  const use = withFixture(make);
  runner.describe(`${name} keeps the contract of an artifact store`, () => {
    keeps(runner, use);
    refuses(runner, use);
  });
}

type Use = ReturnType<typeof withFixture<ArtifactStoreFixture>>;

function keeps({ it, expect }: TestRunner, use: Use): void {
  it(
    'gives back the bytes, and says what they are',
    use(async (fixture) => {
      const { store } = fixture;
      const ref = await store.put(file('Grüße aus Köln.txt', 'hello'), upload(fixture));
      const digest = createHash('sha256').update('hello').digest('hex');
      expect(ref).toMatchObject({
        name: 'Grüße aus Köln.txt',
        type: 'file',
        mediaType: 'text/plain',
        size: 5,
        digest,
      });
      const stored = await store.get(workspaceOf(fixture), ref.artifact);
      expect(new TextDecoder().decode(stored.content)).toBe('hello');
      expect(stored.ref).toEqual(ref);
    }),
  );

  it(
    'gives the same artifact for the same bytes of the same attempt, and another one otherwise',
    use(async (fixture) => {
      const { store } = fixture;
      const first = await store.put(file('a.txt', 'x'), made(fixture, 1));
      expect(await store.put(file('a.txt', 'x'), made(fixture, 1))).toEqual(first);
      const next = await store.put(file('a.txt', 'x'), made(fixture, 2));
      expect(next.artifact).not.toBe(first.artifact);
      expect(next.digest).toBe(first.digest);
    }),
  );
}

function refuses({ it, expect }: TestRunner, use: Use): void {
  it(
    'does not show an artifact to another workspace',
    use(async (fixture) => {
      const { artifact } = await fixture.store.put(file('a.txt', 'x'), upload(fixture));
      const code = { code: 'ARTIFACT_NOT_FOUND' };
      await expect(fixture.store.get('00000000-0000-7000-8000-0000000000ff', artifact)).rejects.toMatchObject(
        code,
      );
      await expect(
        fixture.store.get(workspaceOf(fixture), '00000000-0000-7000-8000-0000000000fe'),
      ).rejects.toMatchObject(code);
    }),
  );

  it(
    'refuses a name that is not a bare file name',
    use(async (fixture) => {
      for (const bad of BAD_NAMES) {
        const error = (await fixture.store
          .put(file(bad, 'x'), upload(fixture))
          .catch((reason: unknown) => reason)) as { code?: string };
        expect({ bad, refused: error.code === 'PATH_FORBIDDEN' || error.code === 'NAME_INVALID' }).toEqual({
          bad,
          refused: true,
        });
      }
    }),
  );

  it(
    'keeps empty files and large ones',
    use(async (fixture) => {
      for (const size of [0, 3_000_000]) {
        const content = new Uint8Array(size).fill(7);
        const { artifact } = await fixture.store.put({ ...file('a.bin', ''), content }, upload(fixture));
        expect((await fixture.store.get(workspaceOf(fixture), artifact)).content.byteLength).toBe(size);
      }
    }),
  );
}

function file(name: string, content: string): NewArtifact {
  return { name, type: 'file', mediaType: 'text/plain', content: new TextEncoder().encode(content) };
}

function workspaceOf({ workspace = 'workspace' }: ArtifactStoreFixture): string {
  return workspace;
}

function upload(fixture: ArtifactStoreFixture): ArtifactOrigin {
  return { workspace: workspaceOf(fixture), run: null, metadata: {} };
}

function made(fixture: ArtifactStoreFixture, attempt: number): ArtifactOrigin {
  const run = { id: fixture.run ?? 'run-1', stage: 'build', task: 'build', attempt };
  return { workspace: workspaceOf(fixture), run, metadata: { placeholder: true } };
}
