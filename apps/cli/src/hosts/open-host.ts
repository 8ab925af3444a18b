import type { Terminal } from '../terminal.ts';
import type { RunHost } from './run-host.ts';
import { connect } from './server-connection.ts';
import { createServerHost } from './server-host.ts';

export interface HostOptions {
  /** URL of a server; without it the run happens in this process. */
  server?: string;
  /** Folder of the registry for runs in this process. */
  registry?: string;
}

export async function openHost(terminal: Terminal, options: HostOptions): Promise<RunHost> {
  if (options.server !== undefined) return createServerHost(await connect(terminal, options));
  const { createHermeticHost } = await import('./hermetic-host.ts');
  return createHermeticHost(terminal, options.registry);
}
