import { join } from 'node:path';

import type { Settings } from '../config/index.ts';
import { checkRegistryRef } from './registry-ref.ts';
import { checkRegistryUrl } from './registry-url.ts';
import type { RegistrySource } from './registry-url.ts';
import { findShippedRegistry, seedRegistry } from './shipped-registry.ts';

/** The registry that this server reads: who it is in the database, and how to get at it now. */
export interface ConfiguredRegistry {
  /** Key of its state: the address, or `shipped`. */
  name: string;
  ref: string;
  /** Folder of the repository that is the registry; null: all of it. */
  folder: string | null;
  /** Its commits follow one another. The shipped one is a single commit, made anew by each release. */
  hasHistory: boolean;
  open(): Promise<RegistrySource>;
}

/** Throws `REGISTRY_URL_FORBIDDEN` or `REGISTRY_REF_INVALID` before anything is fetched. */
export function configuredRegistry(settings: Settings): ConfiguredRegistry {
  const { url, folder, access } = settings.registry;
  const ref = checkRegistryRef(settings.registry.ref);
  if (url !== null) {
    const source = checkRegistryUrl(url, { allowLocal: true, access });
    const name = folder === null ? source.url : `${source.url}#${folder}`;
    return { name, ref, folder, hasHistory: true, open: () => Promise.resolve(source) };
  }
  const shipped = findShippedRegistry();
  return {
    name: 'shipped',
    ref: 'main',
    folder: null,
    hasHistory: false,
    open: () => seedRegistry(shipped, join(settings.dataDir, 'registry-seed.git')),
  };
}
