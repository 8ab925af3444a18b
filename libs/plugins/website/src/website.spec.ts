import { describe, expect, it } from '@jest/globals';
import { resolveInputs, validateTrusted } from '@stagewright/engine';
import { MemoryArtifactStore } from '@stagewright/engine/testing';
import type { ActionContext, JsonObject } from '@stagewright/engine/plugin';
import { unzipSync, zipSync } from 'fflate';
import { website } from './index.ts';

/** Runs an action as the engine does: defaults filled in, input and output held to their contracts. */
function bench(given: Partial<ActionContext> = {}) {
  const artifacts = new MemoryArtifactStore();
  const ids = new Map<string, string>();
  const origin = { workspace: 'w', run: null, metadata: {} };
  const upload = async (id: string, name: string, content: string | Uint8Array): Promise<void> => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const ref = await artifacts.put({ name, type: 'file', mediaType: 'text/plain', content: bytes }, origin);
    ids.set(id, ref.artifact);
  };
  const context = {
    placeholder: false,
    artifacts: {
      read: (id: string) => artifacts.get('w', ids.get(id) ?? id),
      write: (file: Parameters<MemoryArtifactStore['put']>[0]) => artifacts.put(file, origin),
    },
    ...given,
  } as ActionContext;
  const run = async (id: string, values: JsonObject): Promise<JsonObject> => {
    const action = website.actions.find((one) => one.id === id)!;
    const input = resolveInputs(action.input, values);
    expect(validateTrusted(action.input, input)).toEqual([]);
    const output = await action.run(input, context);
    expect(validateTrusted(action.output, output)).toEqual([]);
    return output as JsonObject;
  };
  const bytes = async (output: JsonObject): Promise<Uint8Array> =>
    (await artifacts.get('w', (output['site'] as { artifact: string }).artifact)).content;
  return { upload, run, bytes };
}

const cases = website.actions.flatMap(({ id, examples }) => examples.map((example) => ({ id, example })));

describe('examples of the website plugin', () => {
  it.each(cases)('$id: $example.title', async ({ id, example }) => {
    const { upload, run } = bench();
    for (const [name, file] of Object.entries(example.uploads ?? {}))
      await upload(name, file.name, file.content);
    const running = run(id, example.with);
    if ('error' in example.expect)
      await expect(running).rejects.toMatchObject({ code: example.expect.error });
    else expect(await running).toMatchObject(example.expect.output as object);
  });
});

describe('a packed site', () => {
  const FILES = [
    { path: 'index.html', artifact: 'a' },
    { path: 'pages/about.html', artifact: 'b' },
  ];

  async function packed(files = FILES, given: Partial<ActionContext> = {}) {
    const { upload, run, bytes } = bench(given);
    await upload('a', 'index.html', 'first');
    await upload('b', 'about.html', 'about');
    return await bytes(await run('website/pack', { files }));
  }

  it('has each file at its path, in one order and with one date', async () => {
    const site = await packed();
    const found = Object.entries(unzipSync(site)).map(([path, content]) => [
      path,
      new TextDecoder().decode(content),
    ]);
    expect(found).toEqual([
      ['index.html', 'first'],
      ['pages/about.html', 'about'],
    ]);
    expect(await packed([...FILES].reverse())).toEqual(site);
    const entry = { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o644 << 16, level: 9 } as const;
    const again = zipSync({
      'index.html': [new TextEncoder().encode('first'), entry],
      'pages/about.html': [new TextEncoder().encode('about'), entry],
    });
    expect(site).toEqual(again);
  });

  it('says that its text is a placeholder', async () => {
    const site = unzipSync(await packed(FILES, { placeholder: true }));
    expect(new TextDecoder().decode(site['PLACEHOLDER.txt'])).toMatch(/placeholder/);
  });

  it.each(['../index.html', '/etc/passwd', 'a//b', 'INDEX.html', 'a\\b', '-x', ''])(
    'is refused with a path %j',
    async (path) => {
      const files = [...FILES, { path, artifact: 'a' }];
      await expect(packed(files)).rejects.toMatchObject({ code: 'WEBSITE_PATH_INVALID' });
    },
  );

  it('is refused with a file that is not there', async () => {
    await expect(packed([{ path: 'index.html', artifact: 'z' }])).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FOUND',
    });
  });
});
