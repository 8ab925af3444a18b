import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeAnswer {
  status?: number;
  /** JSON, or the text of `mediaType`. */
  body: unknown;
  /** Of a text that is sent as it is. Default: `body` goes as JSON. */
  mediaType?: string;
}

export interface FakeRequest {
  route: string;
  token: string | undefined;
  body: string;
}

/** A server that gives prepared answers: by `GET /path`, without the query; 404 as a problem document for everything else. */
export interface FakeServer {
  url: string;
  requests: FakeRequest[];
  close(): Promise<void>;
}

const NOT_FOUND = {
  status: 404,
  body: { code: 'RUN_NOT_FOUND', detail: 'There is no such run.', hint: 'List the runs.' },
};

export async function fakeServer(answers: Record<string, FakeAnswer>): Promise<FakeServer> {
  const requests: FakeRequest[] = [];
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const route = `${request.method ?? ''} ${request.url ?? ''}`;
      requests.push({ route, token: request.headers.authorization, body });
      const answer: FakeAnswer = answers[route.split('?')[0] ?? ''] ?? NOT_FOUND;
      const { status = 200, mediaType = 'application/json' } = answer;
      response.writeHead(status, { 'content-type': mediaType });
      response.end(answer.mediaType === undefined ? JSON.stringify(answer.body) : answer.body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
