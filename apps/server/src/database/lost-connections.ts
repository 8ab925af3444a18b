/** What is used here of node-postgres' pool, which brings no types of its own. */
export interface PoolOfClients {
  on(event: 'connect' | 'acquire', listener: (client: PooledClient) => void): unknown;
  on(event: 'release', listener: (error: unknown, client: PooledClient) => void): unknown;
}
interface PooledClient {
  on(event: 'error' | 'end', listener: () => void): unknown;
  release(end: boolean): void;
}

/**
 * Gives back connections that break while somebody uses them. Kysely's transactions keep theirs when its rollback fails,
 * as it does on a broken one: each would take a place of the pool for ever, until there is none left and closing the
 * pool never ends.
 */
export function giveBackLostConnections(pool: PoolOfClients): void {
  const inUse = new WeakSet<PooledClient>();
  pool.on('acquire', (client) => inUse.add(client));
  pool.on('release', (_error, client) => inUse.delete(client));
  pool.on('connect', (client) => {
    // Whoever sends a statement hears what is wrong; between two statements nobody listens, and Node would end the process.
    client.on('error', () => undefined);
    client.on('end', () => {
      if (!inUse.has(client)) return;
      client.release(true);
      // Its user may yet give it back too.
      client.release = () => undefined;
    });
  });
}
