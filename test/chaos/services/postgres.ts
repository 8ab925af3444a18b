import { execFileSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../../support/free-port.ts';
import { endOf, endWith, spawnOwn } from './own-process.ts';
import { find } from './programs.ts';
import type { Programs } from './programs.ts';

/** What is used here of node-postgres, which brings no types of its own. */
export interface SqlConnection {
  connect(): Promise<void>;
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
  end(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): void;
}
const pg = createRequire(import.meta.url)('pg') as {
  Client: new (config: { connectionString: string; connectionTimeoutMillis?: number }) => SqlConnection;
};

/** PostgreSQL refuses to run as root: then it runs as this user, whom its packages make. */
const OWNER = process.getuid?.() === 0 ? 'postgres' : undefined;
const START_MS = 30_000;

/** A PostgreSQL server of the test alone: a fresh cluster in a temporary folder, commits on the disk as by default. */
export class OwnPostgres {
  readonly port: number;
  readonly #folder: string;
  readonly #programs: Programs;
  #process: ChildProcess | null = null;

  private constructor(programs: Programs, folder: string, port: number) {
    this.#programs = programs;
    this.#folder = folder;
    this.port = port;
  }

  static async create(programs: Programs): Promise<OwnPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'stagewright-pg-'));
    const args = ['-D', join(folder, 'data'), '-U', 'postgres', '--auth=trust', '--no-sync', '--locale=C'];
    if (OWNER === undefined) execFileSync(programs.initdb, [...args, '--encoding=UTF8'], { stdio: 'ignore' });
    else {
      chownSync(folder, idOf('-u'), idOf('-g'));
      const as = [`--reuid=${OWNER}`, `--regid=${OWNER}`, '--init-groups', programs.initdb];
      execFileSync(find('setpriv') ?? 'setpriv', [...as, ...args, '--encoding=UTF8'], {
        stdio: 'ignore',
        cwd: folder,
      });
    }
    return new OwnPostgres(programs, folder, await freePort());
  }

  get running(): boolean {
    return this.#process !== null;
  }

  /** Address of a database of it; through another port when something stands in between. */
  url(database: string, port = this.port): string {
    return `postgres://postgres@127.0.0.1:${port}/${database}`;
  }

  /** Resolves when it takes connections, with what it had to recover already recovered. */
  async start(): Promise<void> {
    const settings = {
      port: String(this.port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: this.#folder,
      max_connections: '120',
      shared_buffers: '64MB',
      synchronous_commit: 'on',
      fsync: 'on',
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawnOwn(this.#programs.postgres, ['-D', join(this.#folder, 'data'), ...options], {
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
      cwd: this.#folder,
      ...(OWNER === undefined ? {} : { user: OWNER }),
    });
    this.#process = child;
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-10_000)));
    child.stdout?.resume();
    await this.#answers(child, () => said);
  }

  /** `pg_ctl stop -m immediate`: every session ends at once, and the next start recovers from the log. */
  async stopImmediately(): Promise<void> {
    if (this.#process !== null) await endWith(this.#process, 'SIGQUIT');
    this.#process = null;
  }

  /** `folder`: where its tables lie, when not with the rest. */
  async createDatabase(name: string, folder?: string): Promise<void> {
    await withConnection(this.url('postgres'), async (connection) => {
      if (folder === undefined) return await connection.query(`create database ${name}`);
      if (OWNER !== undefined) chownSync(folder, idOf('-u'), idOf('-g'));
      await connection.query(`create tablespace ${name} location '${folder}'`);
      return await connection.query(`create database ${name} tablespace ${name}`);
    });
  }

  async remove(): Promise<void> {
    await this.stopImmediately();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #answers(child: ChildProcess, said: () => string): Promise<void> {
    const end = Date.now() + START_MS;
    for (;;) {
      const answered = await withConnection(this.url('postgres'), (one) => one.query('select 1')).then(
        () => true,
        () => false,
      );
      if (answered) return;
      const ended = child.exitCode !== null || child.signalCode !== null;
      if (ended || Date.now() > end)
        throw new Error(`PostgreSQL did not start (${String(ended && (await endOf(child)))}):\n${said()}`);
      await new Promise((later) => setTimeout(later, 30));
    }
  }
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, OWNER ?? ''], { encoding: 'utf8' }));
}

/** A connection for some statements; it is closed afterwards. */
export async function withConnection<T>(
  url: string,
  use: (connection: SqlConnection) => Promise<T>,
): Promise<T> {
  const connection = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  connection.on('error', () => undefined);
  try {
    await connection.connect();
    return await use(connection);
  } finally {
    await connection.end().catch(() => undefined);
  }
}
