import type { ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../../support/free-port.ts';
import { endWith, spawnOwn } from './own-process.ts';
import type { Programs } from './programs.ts';

const START_MS = 10_000;

/** A Redis server of the test alone, which keeps nothing: after a restart it is empty. */
export class OwnRedis {
  readonly port: number;
  readonly #program: string;
  readonly #folder: string;
  readonly #settings: string[];
  #process: ChildProcess | null = null;

  private constructor(program: string, port: number, settings: string[]) {
    this.#program = program;
    this.port = port;
    this.#settings = settings;
    this.#folder = mkdtempSync(join(tmpdir(), 'stagewright-redis-'));
  }

  /** `settings` as on the command line of `redis-server`. */
  static async create(programs: Programs, settings: string[] = []): Promise<OwnRedis> {
    return new OwnRedis(programs.redis, await freePort(), settings);
  }

  get running(): boolean {
    return this.#process !== null;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const all = [...settings, ...this.#settings];
    this.#process = spawnOwn(this.#program, all, { env: {}, cwd: this.#folder });
    this.#process.stdout?.resume();
    this.#process.stderr?.resume();
    const end = Date.now() + START_MS;
    while ((await this.command('PING').catch(() => '')) !== '+PONG') {
      if (Date.now() > end) throw new Error('Redis did not start.');
      await new Promise((later) => setTimeout(later, 20));
    }
  }

  /** One command in the inline form; gives the first line of the answer. */
  command(words: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let said = '';
      const socket = createConnection(this.port, '127.0.0.1', () => socket.write(`${words}\r\n`));
      socket.setEncoding('utf8');
      socket.on('error', reject);
      socket.on('data', (chunk: string) => {
        said += chunk;
        const line = said.indexOf('\r\n');
        if (line < 0) return;
        socket.destroy();
        resolve(said.slice(0, line));
      });
      socket.on('close', () => reject(new Error('Redis hung up.')));
    });
  }

  async kill(): Promise<void> {
    if (this.#process !== null) await endWith(this.#process, 'SIGKILL');
    this.#process = null;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
