import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One message that reached the receiver, whatever it answered. */
export interface Delivery {
  /** Value of the header Idempotency-Key; empty when there was none. */
  key: string;
  /** sha256 of the body. */
  hash: string;
  /** What the template put in. */
  body: Record<string, unknown>;
  at: number;
  /** Status that it was answered with; 0: the connection was cut after the message was taken; null: it hears nothing. */
  answered: number | null;
}

/**
 * A service outside that takes effects and keeps a log of its own. Now and then it takes a message and answers with
 * an error, or not at all, as services do: whoever sent it has to send it again.
 */
export class Receiver {
  readonly deliveries: Delivery[] = [];
  readonly #server: Server;
  #mood: () => number;
  #silent: () => boolean = () => false;

  /** `mood` gives the status of each answer; 0 cuts the connection. */
  constructor(mood: () => number) {
    this.#mood = mood;
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  async open(): Promise<void> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening));
  }

  /** `127.0.0.1:PORT`: the entry for EGRESS_ALLOW. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on it answers well. */
  calm(): void {
    this.#mood = () => 200;
  }

  /** Asked at each message: when it says so, the message is taken and the sender never hears of it. */
  keepSilent(silent: () => boolean): void {
    this.#silent = silent;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // The sender died before its message was whole: nothing was taken.
      return;
    }
    const bytes = Buffer.concat(chunks);
    const key = request.headers['idempotency-key'];
    const answered = this.#silent() ? null : this.#mood();
    this.deliveries.push({
      key: typeof key === 'string' ? key : '',
      hash: createHash('sha256').update(bytes).digest('hex'),
      body: JSON.parse(bytes.toString()) as Record<string, unknown>,
      at: Date.now(),
      answered,
    });
    if (answered === null) return;
    if (answered === 0) request.socket.destroy();
    else response.writeHead(answered, { 'content-type': 'application/json' }).end('{}');
  }
}
