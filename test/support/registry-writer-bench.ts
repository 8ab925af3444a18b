import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { createIsolation } from '@stagewright/engine/isolation';

import type { Principal } from '../../apps/server/src/auth/principal.ts';
import { loadSettings } from '../../apps/server/src/config/index.ts';
import { DEFAULT_WORKSPACE } from '../../apps/server/src/database/entities/index.ts';
import type { OpenDatabase } from '../../apps/server/src/database/open-database.ts';
import { PromptWritesService } from '../../apps/server/src/prompts/prompt-writes.service.ts';
import { PromptsService } from '../../apps/server/src/prompts/prompts.service.ts';
import { RegistryContent } from '../../apps/server/src/registry/writes/registry-content.ts';
import { RegistryCopy } from '../../apps/server/src/registry/writes/registry-copy.ts';
import { RegistryRecords } from '../../apps/server/src/registry/sync/registry-records.ts';
import { RegistryWriter } from '../../apps/server/src/registry/writes/registry-writer.ts';
import type { RegistryService } from '../../apps/server/src/registry/registry.service.ts';
import { IdempotentRequests } from '../../apps/server/src/runs/idempotent-requests.ts';
import { TemplateWritesService } from '../../apps/server/src/templates/template-writes.service.ts';
import { CATALOG, clock, openRegistryBench } from './registry-bench.ts';
import type { RegistryBench } from './registry-bench.ts';

/** What one server makes of writes: its own data directory, on the database of all. */
export interface WritingServer {
  registry: RegistryService;
  writer: RegistryWriter;
  templates: TemplateWritesService;
  prompts: PromptsService;
  promptWrites: PromptWritesService;
}

export interface WriterBench extends RegistryBench {
  /** The bare repository that the servers push to. */
  origin: string;
  server(name: string, environment?: Record<string, string>): WritingServer;
  /** Commits what was put and pushes it to the origin, as somebody else would. */
  push(): string;
  /** One Git command in the origin. */
  at(...args: string[]): string;
}

/** Somebody who may write, with a name that Git could stumble over. */
export function writer(id = 'ada'): Principal {
  return { workspace: DEFAULT_WORKSPACE, actor: { kind: 'user', id, roles: ['admin'] } };
}

/** A registry in a bare repository, and servers that write to it. */
export async function openWriterBench(database: OpenDatabase): Promise<WriterBench> {
  const bench = await openRegistryBench(database);
  await database.orm.em.fork().getConnection().execute('delete from idempotency_key');
  const origin = join(bench.folder, 'origin.git');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', origin]);
  bench.git('remote', 'add', 'origin', origin);
  const isolation = createIsolation();
  const server = (name: string, environment: Record<string, string> = {}): WritingServer => {
    const given = { DATA_DIR: join(bench.folder, name), REGISTRY_URL: origin, ...environment };
    const settings = loadSettings({ environment: given });
    const records = new RegistryRecords(database.orm.em, clock);
    const copy = new RegistryCopy(settings);
    const registry = bench.service(given);
    const writing = new RegistryWriter(copy, registry, CATALOG, clock);
    const content = new RegistryContent(copy, records);
    const requests = new IdempotentRequests(database.database, clock);
    return {
      registry,
      writer: writing,
      templates: new TemplateWritesService(writing, content, requests),
      prompts: new PromptsService(content, database.database, isolation),
      promptWrites: new PromptWritesService(writing, requests),
    };
  };
  const at = (...args: string[]): string =>
    execFileSync('git', [`--git-dir=${origin}`, ...args], { encoding: 'utf8' }).trim();
  const push = (): string => {
    const commit = bench.commit();
    bench.git('push', '--quiet', 'origin', 'HEAD:main');
    return commit;
  };
  return { ...bench, origin, server, push, at };
}
