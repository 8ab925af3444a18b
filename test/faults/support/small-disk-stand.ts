import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { OwnPostgres } from '../../chaos/services/postgres.ts';
import type { Programs } from '../../chaos/services/programs.ts';
import { apiOf } from '../../e2e/support/api.ts';
import type { Api } from '../../e2e/support/api.ts';
import { makeGitRegistry, MANIFEST } from '../../e2e/support/git-registry.ts';
import type { GitRegistry } from '../../e2e/support/git-registry.ts';
import { startServer } from '../../support/server-process.ts';
import type { ServerProcess } from '../../support/server-process.ts';
import { SmallDisk } from './small-disk.ts';

/** A server on a PostgreSQL of its own, one of the two on a disk that can be filled. */
export interface SmallDiskStand {
  readonly disk: SmallDisk;
  /** Of the database that the server uses. */
  readonly databaseUrl: string;
  readonly registry: GitRegistry;
  readonly server: ServerProcess;
  readonly api: Api;
  close(): Promise<void>;
}

export interface SmallDiskOptions {
  /** What lies on the disk; the other lies where there is room. */
  holds: 'data directory' | 'tables';
  bytes: number;
  /** Of the one template that is served. */
  template: { name: string; text: string };
}

export async function openSmallDiskStand(
  programs: Programs,
  { holds, bytes, template }: SmallDiskOptions,
): Promise<SmallDiskStand> {
  const roomy = mkdtempSync(join(tmpdir(), 'stagewright-full-'));
  const disk = SmallDisk.mount(bytes);
  const postgres = await OwnPostgres.create(programs);
  await postgres.start();
  await postgres.createDatabase('disk', ...(holds === 'tables' ? [disk.folder] : []));
  const databaseUrl = postgres.url('disk');
  const registry = makeGitRegistry({
    'stagewright.yaml': MANIFEST,
    [`templates/${template.name}/template.yaml`]: template.text,
  });
  registry.publish('One template');
  const server = await startServer(holds === 'tables' ? roomy : disk.folder, {
    DATABASE_URL: databaseUrl,
    SECRET_KEY: randomBytes(32).toString('hex'),
    REGISTRY_URL: registry.url,
    REGISTRY_SYNC_SECONDS: '0',
  });
  return {
    disk,
    databaseUrl,
    registry,
    server,
    api: apiOf(server),
    close: async () => {
      await server.kill();
      await postgres.remove();
      registry.remove();
      disk.unmount();
      rmSync(roomy, { recursive: true, force: true });
    },
  };
}
