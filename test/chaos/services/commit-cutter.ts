import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

import { StatementWatch, WireReader } from './wire.ts';

/** A commit that happened and whose answer nobody got. */
export interface LostAnswer {
  /** Name or beginning of the statement. */
  statement: string;
  at: number;
}

interface Pair {
  client: Socket;
  server: Socket;
}

const READY = 'Z';
const FAILED = 'E';
/** Transaction status in ReadyForQuery: no transaction is open, so what was sent is committed. */
const IDLE = 'I'.charCodeAt(0);

/**
 * Stands between the servers and PostgreSQL and passes everything on, until it is told to lose an answer: then the
 * next statement that writes reaches PostgreSQL and is committed, and the connection ends before a byte of its answer
 * comes back.
 */
export class CommitCutter {
  readonly lost: LostAnswer[] = [];
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #armed = 0;
  #spared = 0;

  private constructor(target: number) {
    this.#server = createServer((client) => this.#connect(client, target));
  }

  static async open(target: number): Promise<CommitCutter> {
    const cutter = new CommitCutter(target);
    await new Promise<void>((listening) => cutter.#server.listen(0, '127.0.0.1', listening));
    return cutter;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The answers of so many commits are lost, from now on or after `spared` more; replaces what was ordered before. */
  loseAnswers(count: number, spared = 0): void {
    this.#armed = count;
    this.#spared = spared;
  }

  /** Ends every connection at once, wherever it stands. Gives their number. */
  cutAll(): number {
    const cut = this.#pairs.size;
    for (const pair of this.#pairs) end(pair);
    return cut;
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise((closed) => this.#server.close(closed));
  }

  #connect(client: Socket, target: number): void {
    const pair = { client, server: createConnection(target, '127.0.0.1') };
    this.#pairs.add(pair);
    client.setNoDelay(true);
    pair.server.setNoDelay(true);
    const watch = new StatementWatch();
    const asked = new WireReader('client');
    const answered = new WireReader('server');
    let held: Buffer[] = [];
    let failed = false;
    client.on('data', (chunk: Buffer) => {
      for (const message of asked.read(chunk)) watch.sent(message);
      pair.server.write(chunk);
    });
    pair.server.on('data', (chunk: Buffer) => {
      for (const { type, body, whole } of answered.read(chunk)) {
        held.push(whole);
        if (type === FAILED) failed = true;
        if (type !== READY && watch.writing !== null && this.#armed > 0) continue;
        if (type === READY && body[0] === IDLE && !failed && this.#lose(watch.writing)) return end(pair);
        if (type === READY) failed = false;
        client.write(Buffer.concat(held));
        held = [];
      }
    });
    for (const socket of [client, pair.server]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#pairs.delete(pair);
        end(pair);
      });
    }
  }

  /** Whether the answer to this commit is one to lose. */
  #lose(statement: string | null): boolean {
    if (statement === null || this.#armed <= 0) return false;
    if (this.#spared > 0) {
      this.#spared -= 1;
      return false;
    }
    this.#armed -= 1;
    this.lost.push({ statement, at: Date.now() });
    return true;
  }
}

function end({ client, server }: Pair): void {
  client.destroy();
  server.destroy();
}
