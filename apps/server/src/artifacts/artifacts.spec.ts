import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ArtifactRef } from '@stagewright/engine';
import {
  artifactStoreContract,
  plansOf,
  scriptedRouter,
  ScriptedAiProvider,
} from '@stagewright/engine/testing';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import { as, openRunsApp } from '../../../../test/support/runs-app.ts';
import type { RunsApp } from '../../../../test/support/runs-app.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { ArtifactsModule } from './artifacts.module.ts';
import { StoredArtifacts } from './stored-artifacts.ts';

const ada = as('ada');
const TEXT = '# Tea\n';

describeOnEachDatabase(describe, 'artifacts', ({ open }) => {
  let db: OpenDatabase;
  let server: RunsApp;
  beforeAll(async () => {
    db = await open();
    const ai = scriptedRouter(new ScriptedAiProvider([]));
    server = await openRunsApp({ db, plans: plansOf(), ai, features: [ArtifactsModule] });
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await db.close();
  });

  artifactStoreContract({ describe, it, expect }, 'StoredArtifacts', () => ({
    store: server.app.get(StoredArtifacts),
  }));

  const raw = (name: string, body: string = TEXT, headers: Record<string, string> = ada) =>
    fetch(`${server.url}/artifacts?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/markdown', ...headers },
    });
  const form = (file: Blob, name: string) => {
    const body = new FormData();
    body.append('file', file, name);
    return fetch(`${server.url}/artifacts`, { method: 'POST', body, headers: ada });
  };
  const get = (path: string, headers = ada) => fetch(`${server.url}/artifacts/${path}`, { headers });
  const upload = async (name: string, body: string = TEXT) =>
    (await (await raw(name, body)).json()) as ArtifactRef;

  it('take bytes and forms, and give the same bytes back', async () => {
    const bare = await raw('tea.md');
    expect(bare.status).toBe(201);
    const ref = (await bare.json()) as ArtifactRef;
    expect(ref).toMatchObject({ name: 'tea.md', type: 'file', mediaType: 'text/markdown', size: 6 });
    const posted = await form(new Blob([TEXT], { type: 'text/x-tea; charset=utf-8' }), 'tea-2.md');
    const other = (await posted.json()) as ArtifactRef;
    expect(other).toMatchObject({ name: 'tea-2.md', mediaType: 'text/x-tea', digest: ref.digest });
    expect(other.artifact).not.toBe(ref.artifact);
    for (const { artifact } of [ref, other])
      expect(await (await get(`${artifact}/content`)).text()).toBe(TEXT);
    expect(await (await get(ref.artifact)).json()).toMatchObject({ ...ref, run: null });
  });

  it('keep one file for the same bytes, under their digest', async () => {
    const { digest } = await upload('a.bin', 'same');
    await upload('b.bin', 'same');
    const folder = join(server.dataDir, 'artifacts', digest.slice(0, 2), digest.slice(2, 4));
    expect(await readdir(folder)).toEqual([digest]);
    expect(await readFile(join(folder, digest), 'utf8')).toBe('same');
    expect(await readdir(join(server.dataDir, 'artifacts/incoming'))).toEqual([]);
  });

  const refusals: Array<[string, string]> = [
    ['../../etc/cron.d/x', 'PATH_FORBIDDEN'],
    ['..\\..\\x', 'PATH_FORBIDDEN'],
    ['/abs', 'PATH_FORBIDDEN'],
    ['C:\\x', 'PATH_FORBIDDEN'],
    ['c:x', 'PATH_FORBIDDEN'],
    ['..', 'PATH_FORBIDDEN'],
    ['%2e%2e%2fx', 'PATH_FORBIDDEN'],
    ['a\u0000b', 'NAME_INVALID'],
    ['a\nb', 'NAME_INVALID'],
    ['cod\u202Efdp.exe', 'NAME_INVALID'],
    ['CON', 'NAME_INVALID'],
    ['lpt1.txt', 'NAME_INVALID'],
    ['x'.repeat(300), 'NAME_INVALID'],
    [' ', 'NAME_INVALID'],
    ['dot.', 'NAME_INVALID'],
  ];
  it.each(refusals)('refuse the name %j with %s', async (name, code) => {
    const response = await raw(name);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code });
  });

  it('refuse a path in a form too, instead of cutting it off', async () => {
    const response = await form(new Blob([TEXT]), '../../etc/passwd');
    expect(await response.json()).toMatchObject({ code: 'PATH_FORBIDDEN' });
  });

  it.each([
    'book.epub',
    'Ein Buch über Tee.epub',
    '茶の本.epub',
    'a.b.c',
    'console.log',
    '.gitignore',
    "it's (1).md",
  ])('take the name %j', async (name) => {
    const ref = await upload(name);
    expect(ref.name).toBe(name);
    expect(((await (await form(new Blob([TEXT]), name)).json()) as ArtifactRef).name).toBe(name);
    const header = (await get(`${ref.artifact}/content`)).headers.get('content-disposition') ?? '';
    expect(decodeURIComponent(header.split("filename*=UTF-8''")[1] ?? '')).toBe(name);
  });

  it('serve what a browser could run only as a download that can do nothing', async () => {
    const response = await raw('x.svg', '<svg onload="alert(1)"/>', {
      ...ada,
      'content-type': 'image/svg+xml',
    });
    const { artifact } = (await response.json()) as ArtifactRef;
    const { headers } = await get(`${artifact}/content`);
    expect(headers.get('content-disposition')).toBe(`attachment; filename="x.svg"; filename*=UTF-8''x.svg`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    expect(headers.get('content-length')).toBe('24');
  });

  it('never let a media type write a header of its own', async () => {
    const { artifact } = (await (
      await raw('x.pdf', TEXT, { ...ada, 'content-type': 'text/nonsense;a=b, set-cookie' })
    ).json()) as ArtifactRef;
    expect((await get(`${artifact}/content`)).headers.get('content-type')).toBe('text/nonsense');
  });

  it('are not there for another workspace', async () => {
    const { artifact } = await upload('mine.md');
    const stranger = as('eve', { workspace: 'other' });
    for (const path of [artifact, `${artifact}/content`]) {
      const response = await get(path, stranger);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    }
    expect((await get('no-such-id')).status).toBe(404);
  });

  it('refuse a request without a file, and bytes on other routes', async () => {
    const nameless = await fetch(`${server.url}/artifacts`, {
      method: 'POST',
      body: TEXT,
      headers: { ...ada, 'content-type': 'text/plain' },
    });
    expect(await nameless.json()).toMatchObject({ code: 'REQUEST_INVALID' });
    const empty = await fetch(`${server.url}/artifacts`, {
      method: 'POST',
      body: new FormData(),
      headers: ada,
    });
    expect(await empty.json()).toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('refuse more than 100 MiB with 413 and keep nothing of it', async () => {
    const piece = new Uint8Array(1024 * 1024);
    const { status, code } = await post(`${server.url}/artifacts?name=big.bin`, function* () {
      for (let mib = 0; mib < 101; mib += 1) yield piece;
    });
    expect([status, code]).toEqual([413, 'ARTIFACT_TOO_LARGE']);
    expect(await readdir(join(server.dataDir, 'artifacts/incoming'))).toEqual([]);
  }, 60_000);

  it.each([
    [
      'ends in the middle of its file',
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\nabc',
    ],
    ['ends in the middle of a header', '--x\r\nContent-Disposition: form-da'],
    ['is no form at all', 'nothing'],
    ['is empty', ''],
  ])('refuse a form that %s', async (_title, body) => {
    const headers = { ...ada, 'content-type': 'multipart/form-data; boundary=x' };
    const response = await fetch(`${server.url}/artifacts`, { method: 'POST', headers, body });
    expect([response.status, await response.json()]).toEqual([
      422,
      expect.objectContaining({ code: 'REQUEST_INVALID' }),
    ]);
  });

  it('keep nothing of an upload that is cut off', async () => {
    const before = await files();
    await new Promise<void>((resolve) => {
      const sending = httpRequest(`${server.url}/artifacts?name=cut.bin`, {
        method: 'POST',
        headers: { ...ada, 'content-type': 'application/x-cut', 'content-length': '1000' },
      });
      sending.on('error', () => resolve());
      sending.write('half');
      setTimeout(() => sending.destroy(new Error('cut')), 100);
    });
    await settled(async () => (await readdir(join(server.dataDir, 'artifacts/incoming'))).length === 0);
    expect(await files()).toEqual(before);
  });

  it('say so when stored bytes were damaged', async () => {
    const { artifact, digest } = await upload('broken.md', 'to be broken');
    const path = join(server.dataDir, 'artifacts', digest.slice(0, 2), digest.slice(2, 4), digest);
    const store = server.app.get(StoredArtifacts);
    await writeFile(path, 'to be BROKEN');
    await expect(store.get('w', artifact)).rejects.toMatchObject({ code: 'ARTIFACT_DAMAGED' });
    await rm(path);
    expect(await (await get(`${artifact}/content`)).json()).toMatchObject({ code: 'ARTIFACT_DAMAGED' });
  });

  it('leave one artifact when an attempt is repeated after a crash', async () => {
    const store = server.app.get(StoredArtifacts);
    const file = {
      name: 'book.epub',
      type: 'epub',
      mediaType: 'application/epub+zip',
      content: Buffer.from('bytes'),
    };
    const origin = {
      workspace: 'w',
      run: { id: 'r1', stage: 'build', task: 'build', attempt: 1 },
      metadata: {},
    };
    const refs = await Promise.all(Array.from({ length: 10 }, () => store.put(file, origin)));
    expect(new Set(refs.map((ref) => ref.artifact)).size).toBe(1);
    const other = await store.put({ ...file, content: Buffer.from('others') }, origin);
    expect(other.artifact).not.toBe(refs[0]?.artifact);
    expect(await store.ofRun('w', 'r1', { skip: 0, limit: 10 })).toHaveLength(2);
    expect(await store.ofRun('other', 'r1', { skip: 0, limit: 10 })).toEqual([]);
  });

  it('keep nothing when the folder cannot be written, and work again when it can', async () => {
    const blocked = join(server.dataDir, 'artifacts/incoming');
    await rm(blocked, { recursive: true });
    await writeFile(blocked, 'in the way');
    const before = await files();
    expect((await raw('x.md', 'never kept')).status).toBe(500);
    await rm(blocked);
    await mkdir(blocked);
    expect(await files()).toEqual(before);
    expect((await raw('x.md', 'kept now')).status).toBe(201);
  });

  async function files(): Promise<string[]> {
    const names = await readdir(join(server.dataDir, 'artifacts'), { recursive: true });
    return names.filter((name) => /[0-9a-f]{64}$/.test(name)).sort();
  }
});

async function settled(done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100 && !(await done()); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await done()).toBe(true);
}

/** Sends in pieces and reads the answer even when it comes before the end. */
function post(url: string, pieces: () => Generator<Uint8Array>): Promise<{ status: number; code: string }> {
  return new Promise((resolve, reject) => {
    const sending = httpRequest(
      url,
      { method: 'POST', headers: { ...as('ada'), 'content-type': 'application/x-big' } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const { code } = JSON.parse(Buffer.concat(chunks).toString()) as { code: string };
          resolve({ status: response.statusCode ?? 0, code });
        });
      },
    );
    sending.on('error', reject);
    void (async () => {
      for (const piece of pieces()) {
        if (sending.destroyed) return;
        if (!sending.write(piece)) await new Promise((drained) => sending.once('drain', drained));
      }
      sending.end();
    })();
  });
}
