import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Absolute paths of the services that the storm runs for itself. */
export interface Programs {
  initdb: string;
  postgres: string;
  redis: string;
}

/** Where Debian and its like keep the programs of a PostgreSQL server: not on the PATH. */
const POSTGRES_VERSIONS = '/usr/lib/postgresql';

/** What this machine has of them; what it has not is named in `missing`. */
export function findPrograms(): { programs: Programs | null; missing: string[] } {
  const found = {
    initdb: find('initdb', postgresFolders()),
    postgres: find('postgres', postgresFolders()),
    redis: find('redis-server', []),
  };
  const { initdb, postgres, redis } = found;
  const missing = Object.entries(found).flatMap(([name, path]) => (path === undefined ? [name] : []));
  if (initdb === undefined || postgres === undefined || redis === undefined)
    return { programs: null, missing };
  return { programs: { initdb, postgres, redis }, missing };
}

/** A program of the PATH; undefined when there is none. */
export function find(name: string, otherFolders: string[] = []): string | undefined {
  const folders = [...otherFolders, ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Newest first. */
function postgresFolders(): string[] {
  if (!existsSync(POSTGRES_VERSIONS)) return [];
  const versions = readdirSync(POSTGRES_VERSIONS).sort((one, other) => Number(other) - Number(one));
  return versions.map((version) => join(POSTGRES_VERSIONS, version, 'bin'));
}
