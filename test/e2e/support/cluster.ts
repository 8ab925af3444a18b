import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import { startServer, startWorker } from '../../support/server-process.ts';
import type { ServerProcess } from '../../support/server-process.ts';

/**
 * Two servers and two workers on one database and one Redis, behind one address: each connection goes to the next
 * server. One of the servers leaves all work to the others. To a test it is one server.
 */
export async function startCluster(
  dataDir: string,
  { PORT: port = '0', ...env }: Record<string, string>,
): Promise<ServerProcess> {
  // The first one makes what they share: the schema, the token, the mirror of the registry.
  const first = await startServer(dataDir, env);
  const rest = await Promise.all([
    startServer(dataDir, env, ['--no-work']),
    startWorker(dataDir, env),
    startWorker(dataDir, env),
  ]);
  const all = [first, ...rest];
  const door = await openDoor([first.url, rest[0].url], Number(port));
  return {
    url: door.url,
    token: first.token,
    pid: first.pid,
    output: () => all.map((process) => process.output()).join('\n'),
    kill: async () => {
      await Promise.all(all.map((process) => process.kill()));
      await door.close();
    },
    stop: async () => {
      const codes = await Promise.all(all.map((process) => process.stop()));
      await door.close();
      return codes.find((code) => code !== 0) ?? 0;
    },
  };
}

async function openDoor(urls: string[], port: number): Promise<{ url: string; close: () => Promise<void> }> {
  let next = 0;
  const open = new Set<Socket>();
  const door = createServer((socket) => {
    const { hostname, port } = new URL(urls[next++ % urls.length] ?? '');
    const onward = connect(Number(port), hostname);
    for (const end of [socket, onward]) {
      open.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        open.delete(end);
        for (const other of [socket, onward]) other.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((done) => door.listen(port, '127.0.0.1', done));
  const close = async (): Promise<void> => {
    for (const socket of open) socket.destroy();
    if (door.listening) await new Promise((done) => door.close(done));
  };
  return { url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`, close };
}
