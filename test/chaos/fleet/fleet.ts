import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT } from '../../support/root.ts';
import { COMPILED } from '../../support/server-process.ts';
import { freePorts } from '../../support/free-port.ts';
import { Supervised } from './supervised.ts';

export interface FleetOptions {
  servers: number;
  workers: number;
  /** Settings that all of them share. */
  settings: Record<string, string>;
  /** Settings of one process alone, by its name. */
  settingsOf?: (name: string) => Record<string, string>;
  /** Servers that leave all work to others, by name. */
  idle?: string[];
  /** Modules that are loaded before the product, into all of them: planted bugs. */
  preload?: string[];
  /** Modules that are loaded into one process alone, by its name. */
  preloadOf?: (name: string) => string[];
}

const CLI = join(ROOT, 'apps/cli/dist/bundle/main.js');
/** The same, each module a file of its own: one of them can be changed while it is loaded. */
const MODULES = join(ROOT, 'apps/cli/dist/main.js');
const START_MS = 60_000;

/** Server and worker processes on one database and one data directory, each at an address that stays. */
export class Fleet {
  readonly dataDir: string;
  readonly servers: ReadonlyArray<Supervised & { readonly url: string }>;
  readonly workers: readonly Supervised[];

  private constructor(dataDir: string, options: FleetOptions, ports: number[]) {
    this.dataDir = dataDir;
    const env = (name: string): Record<string, string> => ({
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      LOG_LEVEL: 'warn',
      NODE_COMPILE_CACHE: COMPILED,
      ...options.settings,
      ...options.settingsOf?.(name),
      DATA_DIR: dataDir,
    });
    const program = (name: string): string[] => {
      const preload = [...(options.preload ?? []), ...(options.preloadOf?.(name) ?? [])];
      return [...preload.flatMap((path) => ['--import', path]), preload.length === 0 ? CLI : MODULES];
    };
    const made = { command: process.execPath, cwd: ROOT };
    this.servers = ports.map((port, index) => {
      const name = `server-${index + 1}`;
      const idle = options.idle?.includes(name) ? ['--no-work'] : [];
      const args = [...program(name), 'serve', '--port', String(port), ...idle];
      const one = new Supervised({
        ...made,
        name,
        role: 'server',
        args,
        env: env(name),
        ready: /serves at /,
      });
      return Object.assign(one, { url: `http://127.0.0.1:${port}` });
    });
    this.workers = Array.from({ length: options.workers }, (_, index) => {
      const name = `worker-${index + 1}`;
      const args = [...program(name), 'worker'];
      return new Supervised({
        ...made,
        name,
        role: 'worker',
        args,
        env: env(name),
        ready: /Stagewright works/,
      });
    });
  }

  /** Starts the first server alone, so that one process makes the schema and the token; then all others. */
  static async start(options: FleetOptions): Promise<Fleet> {
    const dataDir = mkdtempSync(join(tmpdir(), 'stagewright-fleet-'));
    const fleet = new Fleet(dataDir, options, await freePorts(options.servers));
    const [first, ...others] = fleet.all;
    try {
      first?.start();
      await fleet.#isUp(first);
      for (const one of others) one.start();
      for (const one of others) await fleet.#isUp(one);
      return fleet;
    } catch (error) {
      await fleet.remove();
      throw error;
    }
  }

  get all(): Supervised[] {
    return [...this.servers, ...this.workers];
  }

  named(name: string): Supervised | undefined {
    return this.all.find((one) => one.name === name);
  }

  /** The bearer token, the same for every server of the installation. */
  get token(): string {
    return readFileSync(join(this.dataDir, 'token'), 'utf8').trim();
  }

  async allUp(): Promise<void> {
    for (const one of this.all) await this.#isUp(one);
  }

  async remove(): Promise<void> {
    await Promise.all(this.all.map((one) => one.stop()));
    await rm(this.dataDir, { recursive: true, force: true });
  }

  async #isUp(one: Supervised | undefined): Promise<void> {
    const end = Date.now() + START_MS;
    while (one !== undefined && !one.up) {
      if (Date.now() > end) throw new Error(`${one.name} did not come up:\n${one.output.slice(-4_000)}`);
      await new Promise((later) => setTimeout(later, 20));
    }
  }
}
