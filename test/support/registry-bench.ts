import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { catalogOf } from '@stagewright/engine/template';

import { loadSettings } from '../../apps/server/src/config/index.ts';
import type { RegistryAccess } from '../../apps/server/src/config/index.ts';
import type { OpenDatabase } from '../../apps/server/src/database/open-database.ts';
import { RevisionPlans } from '../../apps/server/src/templates/revision-plans.ts';
import { TemplatesService } from '../../apps/server/src/templates/templates.service.ts';
import { RegistryChecks } from '../../apps/server/src/registry/sync/registry-checks.ts';
import { RegistryReader } from '../../apps/server/src/registry/sync/registry-reader.ts';
import { RegistryRecords } from '../../apps/server/src/registry/sync/registry-records.ts';
import { WorkingCopy } from '../../apps/server/src/registry/working/working-copy.ts';
import { RegistryTurns } from '../../apps/server/src/registry/sync/registry-turns.ts';
import { RegistryService } from '../../apps/server/src/registry/registry.service.ts';

export const CATALOG = catalogOf([
  {
    name: 'memo',
    version: '1.0.0',
    title: 'Memo',
    description: 'x',
    actions: [],
    workflowType: { name: 'memo', title: 'Memo', description: 'x' },
  },
]);

/** For repositories that are open to everyone. */
export const NO_ACCESS: RegistryAccess = {
  sshKey: null,
  knownHosts: null,
  username: 'git',
  token: null,
  caFile: null,
};

export const clock = { now: () => '2026-11-21T10:00:00.000Z', after: () => () => undefined };

/** A template of one stage that a person fills in. */
export function template(name: string, title = name, extra = ''): string {
  return [
    'apiVersion: stagewright/v1',
    `name: ${name}`,
    `title: ${title}`,
    'description: A memo that a person writes.',
    'type: memo',
    'version: 1.0.0',
    'owners: [team]',
    `labels: {category: ${name === 'letter' ? 'mail' : 'office'}}`,
    'inputs: {type: object, additionalProperties: false, properties: {topic: {type: string}}}',
    'stages:',
    '  - id: write',
    '    mode: manual',
    '    form: {type: object, required: [text], additionalProperties: false, properties: {text: {type: string}}}',
    ...(extra === '' ? [] : [extra]),
    'outputs: {text: "${{ stages.write.output.text }}"}',
    '',
  ].join('\n');
}

/** A registry in a Git repository of its own, and what a server makes of it. */
export interface RegistryBench {
  readonly folder: string;
  /** The working copy, which is also the address of the registry. */
  readonly work: string;
  readonly registry: RegistryService;
  readonly plans: RevisionPlans;
  readonly templates: TemplatesService;
  /** Another server on the same database. */
  service(environment: Record<string, string>): RegistryService;
  git(...args: string[]): string;
  /** With the clock of whoever commits at `date`. */
  gitAt(date: string | undefined, ...args: string[]): string;
  put(path: string, content: string): void;
  /** Commits everything that was put; gives the commit's id. */
  commit(): string;
  remove(): void;
}

/** Gives the tests of a suite a database, and each of them a bench on it of its own. */
export function useRegistryBench(
  open: () => Promise<OpenDatabase>,
  given: (opened: { database: OpenDatabase; bench: RegistryBench }) => void,
): void {
  let database: OpenDatabase;
  let bench: RegistryBench;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    bench = await openRegistryBench(database);
    given({ database, bench });
  });
  afterEach(() => bench.remove());
}

/** On a database whose registry is emptied first. */
export async function openRegistryBench(database: OpenDatabase): Promise<RegistryBench> {
  for (const table of ['revision', 'registry_state'])
    await database.orm.em.fork().getConnection().execute(`delete from ${table}`);
  const folder = mkdtempSync(join(tmpdir(), 'registry-bench-'));
  const work = join(folder, 'work');
  const gitAt = (date: string | undefined, ...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], {
      cwd: work,
      encoding: 'utf8',
      env: { ...process.env, ...(date === undefined ? {} : { GIT_COMMITTER_DATE: date }) },
    }).trim();
  const git = (...args: string[]): string => gitAt(undefined, ...args);
  const put = (path: string, content: string): void => {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), content);
  };
  const commit = (): string => {
    git('add', '--all');
    git('commit', '--quiet', '--message=x');
    return git('rev-parse', 'HEAD');
  };
  const service = (environment: Record<string, string>): RegistryService => {
    const settings = loadSettings({ environment: { DATA_DIR: join(folder, 'data'), ...environment } });
    const checks = new RegistryChecks(CATALOG);
    return new RegistryService(
      settings,
      new RegistryReader(checks, new WorkingCopy(CATALOG, checks)),
      new RegistryRecords(database.orm.em, clock),
      new RegistryTurns(settings, database.database),
      clock,
    );
  };

  mkdirSync(work);
  git('init', '--quiet', '--initial-branch=main');
  put('stagewright.yaml', 'apiVersion: stagewright/v1\nkind: Registry\nname: test\n');
  const plans = new RevisionPlans(database.orm.em, database.database);
  return {
    folder,
    work,
    registry: service({ REGISTRY_URL: work }),
    plans,
    templates: new TemplatesService(database.orm.em, plans),
    service,
    git,
    gitAt,
    put,
    commit,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
