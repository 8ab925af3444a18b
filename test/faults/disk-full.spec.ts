import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import type { ArtifactRef } from '@stagewright/engine';

import { failuresExplained } from '../chaos/oracles/o7-failures-explained.ts';
import { readHistory } from '../chaos/oracles/read-history.ts';
import { withConnection } from '../chaos/services/postgres.ts';
import type { Api } from '../e2e/support/api.ts';
import type { GitRegistry } from '../e2e/support/git-registry.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { describeWithServices } from './support/own-services.ts';
import { SmallDisk } from './support/small-disk.ts';
import { openSmallDiskStand } from './support/small-disk-stand.ts';
import type { SmallDiskStand } from './support/small-disk-stand.ts';

jest.setTimeout(240_000);

const DISK_BYTES = 12_000_000;
const FILE_BYTES = 600_000;
/** Room for a part of the file. */
const TOO_LITTLE = 200_000;

const TEMPLATE = `apiVersion: stagewright/v1
name: site
title: Site
type: website
version: 1.0.0
inputs:
  type: object
  required: [page]
  additionalProperties: false
  properties: {page: {type: string, format: artifact}}
stages:
  - {id: pack, mode: system, uses: website/pack, with: {files: [{path: index.html, artifact: "\${{ inputs.page }}"}]}, retry: {attempts: 2, delay: 100ms}}
outputs: {site: "\${{ stages.pack.output.site }}"}
`;

const { isPossible } = SmallDisk;
const why = isPossible ? '' : ' (a tmpfs cannot be mounted here)';
const itOnDisk = isPossible ? it : it.skip;

/** F29: the data directory of a real server lies on a disk that fills up. The database lies on another one. */
describeWithServices(`a server whose disk is full${why}`, (programs) => {
  let stand: SmallDiskStand;
  let disk: SmallDisk;
  let registry: GitRegistry;
  let server: ServerProcess;
  let api: Api;

  beforeAll(async () => {
    if (!isPossible) return;
    stand = await openSmallDiskStand(programs, {
      holds: 'data directory',
      bytes: DISK_BYTES,
      template: { name: 'site', text: TEMPLATE },
    });
    ({ disk, registry, server, api } = stand);
  });
  afterEach(() => disk?.free());
  afterAll(() => stand?.close());

  const upload = async (name: string, content: Buffer) => {
    const response = await fetch(`${server.url}/api/v1/artifacts?name=${name}`, {
      method: 'POST',
      body: new Uint8Array(content),
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'text/html' },
    });
    return { status: response.status, body: (await response.json()) as ArtifactRef & { code?: string } };
  };
  const download = async (id: string): Promise<Buffer> => {
    const response = await fetch(`${server.url}/api/v1/artifacts/${id}/content`, {
      headers: { authorization: `Bearer ${server.token}` },
    });
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer());
  };
  /** Names and sizes of everything that lies under `artifacts`. */
  const kept = (): string[] => {
    const folder = join(disk.folder, 'artifacts');
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => `${path} ${statSync(join(folder, path)).size}`)
      .sort();
  };
  const rows = (): Promise<unknown[]> =>
    withConnection(stand.databaseUrl, async (one) => (await one.query('select name from artifact')).rows);

  itOnDisk(
    'refuses an upload with 507 and DISK_FULL, keeps no part of it, and takes it when there is room',
    async () => {
      const content = randomBytes(FILE_BYTES);
      disk.fill(TOO_LITTLE);
      const before = { kept: kept(), rows: await rows() };
      for (let tries = 0; tries < 3; tries += 1) {
        const { status, body } = await upload('large.html', content);
        expect({ status, code: body.code }).toEqual({ status: 507, code: 'DISK_FULL' });
      }
      expect({ kept: kept(), rows: await rows() }).toEqual(before);
      // What was taken of it is given back: there is as much room as before, for what fits.
      expect((await upload('small.html', Buffer.from('<p>Tea</p>'))).status).toBe(201);
      expect((await fetch(`${server.url}/health/live`)).status).toBe(200);

      disk.free();
      const { status, body } = await upload('large.html', content);
      expect({ status, digest: body.digest }).toEqual({
        status: 201,
        digest: createHash('sha256').update(content).digest('hex'),
      });
      expect((await download(body.artifact)).equals(content)).toBe(true);
    },
  );

  itOnDisk(
    'fails a stage that makes a file, after its tries and with the reason, and makes it on retry when there is room',
    async () => {
      // What a random page is packed into is about as large as the page.
      const { body: page } = await upload('page.html', randomBytes(FILE_BYTES));
      disk.fill(TOO_LITTLE);
      const before = { kept: kept(), rows: await rows() };
      const { id } = await api.create({ template: 'site', inputs: { page: page.artifact } });
      const failed = await api.until(id, 'failed');
      expect(failed.stages).toMatchObject([
        {
          id: 'pack',
          state: 'failed',
          error: { code: 'DISK_FULL', hint: expect.stringContaining('DATA_DIR') },
        },
      ]);
      expect({ kept: kept(), rows: await rows() }).toEqual(before);
      const { runs } = await readHistory(stand.databaseUrl);
      expect(failuresExplained({ runs } as Parameters<typeof failuresExplained>[0])).toEqual([]);
      const tries = runs.flatMap(({ entries }) => entries.flatMap(({ facts }) => facts));
      expect(tries.filter(({ type }) => type === 'task.failed')).toHaveLength(2);

      disk.free();
      expect((await api.verb(id, 'retry')).status).toBe(200);
      const done = await api.until(id, 'done');
      expect(done.artifacts).toHaveLength(1);
      const [site] = done.artifacts;
      const bytes = await download(site!.artifact);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(site!.digest);
    },
  );

  itOnDisk('goes on with the templates it has when a sync finds no room, and says why', async () => {
    registry.put('templates/site/template.yaml', TEMPLATE.replace('version: 1.0.0', 'version: 1.1.0'));
    // Larger than what is left, and nothing that Git could pack.
    registry.put('templates/site/assets/large.bin', randomBytes(TOO_LITTLE * 2).toString('base64'));
    registry.publish('A new version');
    disk.fill(TOO_LITTLE);
    const refused = await api.post('/registry/sync');
    expect({ status: refused.status, code: refused.body['code'] }).toEqual({
      status: 507,
      code: 'DISK_FULL',
    });
    const { body } = await api.get<{ failure: string; templates: unknown[] }>('/registry');
    expect(body.failure).toMatch(/^DISK_FULL: /);
    expect(body.templates).toMatchObject([{ name: 'site', version: '1.0.0' }]);

    disk.free();
    expect((await api.post('/registry/sync')).body).toMatchObject({
      failure: null,
      templates: [{ name: 'site', version: '1.1.0' }],
    });
  });
});
