import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { openAiError, openAiEvents } from '../../support/ai-protocol-server/openai-wire.ts';
import type { SeededRandom } from '../storm/random.ts';

export interface SlowModelOptions {
  random: SeededRandom;
  /** Hears of a question that ends the process which asks it: its name, and the key that it asked with. */
  poisoned(name: string, apiKey: string): void;
}

const PROMPT = /^(outline|part|text|poison)(?: (\S+))? of (\S+)/;
const PARTS = ['a', 'b', 'c'];

/**
 * A model service that speaks OpenAI's protocol and takes its time, so that faults find work under way. Sometimes it
 * is too busy and says so.
 */
export class SlowModel {
  /** How often each question came in: `part a of run-7`. */
  readonly asked = new Map<string, number>();
  readonly #options: SlowModelOptions;
  readonly #server: Server;
  #calm = false;

  constructor(options: SlowModelOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async open(): Promise<void> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening));
  }

  /** Settings of a process that asks this service and no other. The key says which process asks. */
  settings(apiKey: string): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    return {
      LOCAL_AI_BASE_URL: `http://127.0.0.1:${port}/v1`,
      LOCAL_AI_MODEL: 'slow-model',
      LOCAL_AI_API_KEY: apiKey,
    };
  }

  /** From now on it is never too busy. */
  calm(): void {
    this.#calm = true;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { random } = this.#options;
    const prompt = await promptOf(request).catch(() => null);
    const [question, kind, , name] = PROMPT.exec(prompt ?? '') ?? [];
    if (question === undefined || name === undefined) return void response.destroy();
    this.asked.set(question, (this.asked.get(question) ?? 0) + 1);
    const wait = random.whole(20, 250);
    if (kind === 'poison') {
      const apiKey = (request.headers.authorization ?? '').replace(/^Bearer /, '');
      return this.#options.poisoned(name, apiKey);
    }
    if (!this.#calm && random.chance(0.04)) return busy(response, random.pick([429, 500, 503]));
    await new Promise((later) => setTimeout(later, wait));
    stream(response, kind === 'outline' ? { parts: PARTS } : { text: `This is ${question}.` });
  }
}

async function promptOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { messages } = JSON.parse(Buffer.concat(chunks).toString()) as {
    messages: Array<{ content: unknown }>;
  };
  return String(messages.at(-1)?.content);
}

function busy(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(openAiError({ status })));
}

function stream(response: ServerResponse, answer: unknown): void {
  if (response.destroyed) return;
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  for (const event of openAiEvents({ text: JSON.stringify(answer) }, 'slow-model', true))
    if ('write' in event) response.write(event.write);
  response.end();
}
