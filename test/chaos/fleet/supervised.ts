import type { ChildProcess } from 'node:child_process';

import { endOf, spawnOwn } from '../services/own-process.ts';

export type Role = 'server' | 'worker';

export interface SupervisedOptions {
  name: string;
  role: Role;
  command: string;
  args: string[];
  env: Record<string, string>;
  cwd: string;
  /** What it prints when it is up. */
  ready: RegExp;
}

const AGAIN_MS = 50;
const KEPT_OUTPUT = 2_000_000;

/**
 * A process that is started again whenever it ends, as a service of the operating system is: also when it ended by
 * itself because its database was away.
 */
export class Supervised {
  readonly name: string;
  readonly role: Role;
  /** How often it was started. */
  starts = 0;
  /** How long the last start took until it was up, in milliseconds. */
  startMs = 0;
  /** Ends that nobody ordered, with what was printed last. */
  readonly ownEnds: string[] = [];
  #output = '';
  readonly #options: SupervisedOptions;
  #child: ChildProcess | null = null;
  #wanted = false;
  #ordered = false;
  #paused = false;
  #ready = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: SupervisedOptions) {
    this.#options = options;
    this.name = options.name;
    this.role = options.role;
  }

  /** It has said that it is up, and is neither stopped nor gone. */
  get up(): boolean {
    return this.#ready && !this.#paused && this.#child !== null;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Everything that it printed in all its lives; the oldest is forgotten beyond 2 MB. */
  get output(): string {
    return this.#output;
  }

  start(): void {
    this.#wanted = true;
    this.#loop = this.#keepAlive();
  }

  /** kill -9; it comes back by itself. False when there was nothing to kill. */
  kill(): boolean {
    return this.#signal('SIGKILL');
  }

  /** SIGTERM; it comes back by itself. Resolves with how long the process took to end, in milliseconds; null when there was none. */
  async terminate(): Promise<number | null> {
    const child = this.#child;
    const begun = Date.now();
    if (child === null || !this.#signal('SIGTERM')) return null;
    await endOf(child);
    return Date.now() - begun;
  }

  pause(): boolean {
    this.#paused = this.#child?.kill('SIGSTOP') ?? false;
    return this.#paused;
  }

  /** False when the process that was paused is gone. */
  resume(): boolean {
    if (!this.#paused) return false;
    this.#paused = false;
    return this.#child?.kill('SIGCONT') ?? false;
  }

  /** Ends it for good. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#wanted = false;
    this.resume();
    this.#signal(signal);
    await this.#loop;
  }

  #signal(signal: NodeJS.Signals): boolean {
    this.#ordered = true;
    this.#ready = false;
    return this.#child?.kill(signal) ?? false;
  }

  async #keepAlive(): Promise<void> {
    while (this.#wanted) {
      await this.#live();
      if (this.#wanted) await new Promise((again) => setTimeout(again, AGAIN_MS));
    }
  }

  async #live(): Promise<void> {
    const { command, args, env, cwd, ready } = this.#options;
    const child = spawnOwn(command, args, { env, cwd });
    const begun = Date.now();
    let said = '';
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-20_000);
      this.#output = (this.#output + chunk.toString()).slice(-KEPT_OUTPUT);
      if (this.#ready || !ready.test(said)) return;
      this.#ready = true;
      this.startMs = Date.now() - begun;
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    this.starts += 1;
    this.#ordered = false;
    this.#child = child;
    const end = await endOf(child);
    this.#child = null;
    this.#ready = false;
    this.#paused = false;
    if (!this.#ordered) this.ownEnds.push(`${this.name} ended with ${String(end)}: ${said.slice(-2_000)}`);
  }
}
