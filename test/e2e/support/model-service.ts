import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { openAiEvents } from '../../support/ai-protocol-server/openai-wire.ts';

/** What the service is asked and gives: `name` says which question it is, for counting and holding. */
export interface Question {
  name: string;
  /** Sent as JSON; `text` is sent as it is instead. */
  answer?: unknown;
  text?: string;
}

/** A model service that speaks OpenAI's protocol, answers by meaning, and can be made to think for as long as a test likes. */
export interface ModelService {
  /** For LOCAL_AI_BASE_URL. */
  readonly baseUrl: string;
  /** Settings of a server that asks this service and no other. */
  readonly settings: Record<string, string>;
  /** How often each question came in. */
  readonly asked: Map<string, number>;
  /** Names of the questions that wait for their answer now. */
  holding(): string[];
  /** Questions for which this is true wait until `release`. Replaces what was held back before. */
  hold(which: (name: string) => boolean): void;
  /** Answers everything that waits, and what comes from now on. */
  release(): void;
  close(): Promise<void>;
}

/** `understand` reads the last message of a request. */
export async function startModelService(understand: (prompt: string) => Question): Promise<ModelService> {
  const asked = new Map<string, number>();
  const waiting = new Map<ServerResponse, { name: string; answer: () => void }>();
  let isHeld: (name: string) => boolean = () => false;

  const server = createServer((request, response) => {
    void lastMessage(request).then(({ prompt, model }) => {
      const question = understand(prompt);
      asked.set(question.name, (asked.get(question.name) ?? 0) + 1);
      const text = question.text ?? JSON.stringify(question.answer);
      const answer = (): void => stream(response, text, model);
      if (!isHeld(question.name)) return answer();
      waiting.set(response, { name: question.name, answer });
      response.once('close', () => waiting.delete(response));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    baseUrl,
    settings: { LOCAL_AI_BASE_URL: baseUrl, LOCAL_AI_MODEL: 'test-model' },
    asked,
    holding: () => [...waiting.values()].map(({ name }) => name).sort(),
    hold: (which) => (isHeld = which),
    release: () => {
      isHeld = () => false;
      const held = [...waiting.values()];
      waiting.clear();
      for (const { answer } of held) answer();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function lastMessage(request: IncomingMessage): Promise<{ prompt: string; model: string }> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = JSON.parse(Buffer.concat(parts).toString()) as {
    model: string;
    messages: Array<{ content: unknown }>;
  };
  return { prompt: String(body.messages.at(-1)?.content), model: body.model };
}

function stream(response: ServerResponse, text: string, model: string): void {
  if (response.destroyed) return;
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  for (const event of openAiEvents({ text }, model, true)) if ('write' in event) response.write(event.write);
  response.end();
}
