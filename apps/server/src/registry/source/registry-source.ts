import { existsSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';

import type { Settings } from '../../config/index.ts';
import { checkRegistryRef } from './registry-ref.ts';
import { checkRegistryUrl } from './registry-url.ts';
import type { RegistrySource } from './registry-url.ts';
import { workingFolderMissing } from '../registry.errors.ts';
import { findShippedRegistry, seedRegistry } from './shipped-registry.ts';

/** The registry that this server reads: who it is in the database, and how to get at it now. */
export type ConfiguredRegistry = GitRegistry | WorkingRegistry;

export interface GitRegistry {
  kind: 'git';
  /** Key of its state: the address, or `shipped`. */
  name: string;
  ref: string;
  /** Folder of the repository that is the registry; null: all of it. */
  folder: string | null;
  /** Its commits follow one another. The shipped one is a single commit, made anew by each release. */
  hasHistory: boolean;
  open(): Promise<RegistrySource>;
}

/** Files as somebody is editing them. */
export interface WorkingRegistry {
  kind: 'working';
  /** Key of its state: the absolute path of its folder. */
  name: string;
  ref: typeof WORKING_REF;
}

/** What stands where a branch would. */
export const WORKING_REF = 'worktree';

/** Throws `REGISTRY_URL_FORBIDDEN`, `REGISTRY_REF_INVALID` or `REGISTRY_NOT_FOUND` before anything is read. */
export function configuredRegistry(settings: Pick<Settings, 'registry' | 'dataDir'>): ConfiguredRegistry {
  const { url, folder, access, watch } = settings.registry;
  if (url !== null && watch) return workingRegistry(url);
  const ref = checkRegistryRef(settings.registry.ref);
  if (url !== null) {
    const source = checkRegistryUrl(url, { allowLocal: true, access });
    const name = folder === null ? source.url : `${source.url}#${folder}`;
    return { kind: 'git', name, ref, folder, hasHistory: true, open: () => Promise.resolve(source) };
  }
  const shipped = findShippedRegistry();
  return {
    kind: 'git',
    name: 'shipped',
    ref: 'main',
    folder: null,
    hasHistory: false,
    open: () => seedRegistry(shipped, join(settings.dataDir, 'registry-seed.git')),
  };
}

function workingRegistry(path: string): WorkingRegistry {
  const isRegistry = isAbsolute(path) && existsSync(join(path, 'stagewright.yaml'));
  if (!isRegistry) throw workingFolderMissing();
  return { kind: 'working', name: normalize(path), ref: WORKING_REF };
}
