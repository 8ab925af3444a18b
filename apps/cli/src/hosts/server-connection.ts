import { readFile } from 'node:fs/promises';
import { resolve, join } from 'node:path';
import { createClient } from '@stagewright/client';
import type { StagewrightClient } from '@stagewright/client';
import { noToken } from '../cli.errors.ts';
import type { Terminal } from '../terminal.ts';

/** Where a server is when nobody says otherwise. */
export const DEFAULT_SERVER = 'http://127.0.0.1:3000';

/**
 * A client for the server that the user named, or for the one on this machine. The token comes from STAGEWRIGHT_TOKEN, else from the data
 * directory, where a server keeps it for whoever may read that directory.
 */
export async function connect(terminal: Terminal, options: { server?: string }): Promise<StagewrightClient> {
  const baseUrl = options.server ?? terminal.env['STAGEWRIGHT_SERVER'] ?? DEFAULT_SERVER;
  return createClient({ baseUrl: baseUrl.replace(/\/+$/, ''), token: await findToken(terminal) });
}

async function findToken(terminal: Terminal): Promise<string> {
  const given = terminal.env['STAGEWRIGHT_TOKEN'];
  if (given !== undefined && given !== '') return given;
  const path = join(resolve(terminal.cwd, terminal.env['DATA_DIR'] ?? '.stagewright'), 'token');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    throw noToken(`STAGEWRIGHT_TOKEN or ${path}`);
  }
}
