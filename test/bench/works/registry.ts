import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeGitRegistry } from '../../e2e/support/git-registry.ts';
import type { GitRegistry } from '../../e2e/support/git-registry.ts';
import { postgresServer } from '../../support/postgres-server.ts';
import { ROOT } from '../../support/root.ts';
import { startServer } from '../../support/server-process.ts';
import type { ServerProcess } from '../../support/server-process.ts';
import { figure, quantile } from '../row.ts';
import type { Deployment, Figure } from '../row.ts';
import { environmentOf } from '../stand.ts';

const SHIPPED = join(ROOT, 'registry');

/** A large registry: the first sync of it, one that finds nothing new, and one after a push to a single template. */
export async function largeRegistry(deployment: Deployment, quick: boolean): Promise<Figure[]> {
  const size = quick ? { templates: 50, files: 2_000 } : { templates: 500, files: 20_000 };
  const dataDir = await mkdtemp(join(tmpdir(), 'stagewright-bench-'));
  const own = deployment === 'pglite' ? null : await postgresServer().makeDatabase();
  const registry = makeGitRegistry({ 'stagewright.yaml': shipped('stagewright.yaml') });
  registry.publish('Empty');
  const server = await startServer(dataDir, {
    ...environmentOf(deployment, dataDir, own?.url ?? null),
    REGISTRY_URL: registry.url,
    REGISTRY_SYNC_SECONDS: '0',
  });
  try {
    fill(registry, size);
    registry.publish('Filled');
    const cold = await sync(server, size.templates);
    const same: number[] = [];
    for (let again = 0; again < 5; again += 1) same.push(await sync(server, size.templates));
    registry.put('templates/book-0000/prompts/outline.hbs', 'Write an outline of {{inputs.topic}}.\n');
    registry.publish('One edited');
    const edited = await sync(server, size.templates);
    return [
      figure('templates', size.templates, 'templates'),
      figure('files', size.files, 'files'),
      figure('sync_cold', cold, 'ms'),
      figure('sync_unchanged', quantile(same, 0.5), 'ms'),
      figure('sync_one_edited', edited, 'ms'),
    ];
  } finally {
    await server.stop();
    await own?.drop();
    registry.remove();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Copies of the shipped e-book template under other names, and notes beside them up to the number of files. */
function fill(registry: GitRegistry, { templates, files }: { templates: number; files: number }): void {
  const parts = filesBelow('templates/ebook').map((path) => ({ path, text: shipped(path) }));
  registry.put('prompts/house-style.hbs', shipped('prompts/house-style.hbs'));
  const nameOf = (index: number): string => `book-${String(index % templates).padStart(4, '0')}`;
  for (let index = 0; index < templates; index += 1) {
    for (const { path, text } of parts)
      registry.put(
        path.replace('/ebook/', `/${nameOf(index)}/`),
        text.replace(/^name: ebook$/m, `name: ${nameOf(index)}`),
      );
  }
  const notes = files - templates * parts.length - 2;
  for (let index = 0; index < notes; index += 1)
    registry.put(
      `templates/${nameOf(index)}/notes/${index}.md`,
      `# Note ${index}\n\n${'Text of a note. '.repeat(40)}\n`,
    );
}

/** Milliseconds of a sync that must serve so many templates. */
async function sync({ url, token }: ServerProcess, templates: number): Promise<number> {
  const begun = performance.now();
  const answer = await fetch(`${url}/api/v1/registry/sync`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  const view = (await answer.json()) as { templates: unknown[] };
  const ms = performance.now() - begun;
  if (view.templates.length !== templates)
    throw new Error(`${view.templates.length} templates are served instead of ${templates}.`);
  return ms;
}

function shipped(path: string): string {
  return readFileSync(join(SHIPPED, path), 'utf8');
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(SHIPPED, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  );
}
