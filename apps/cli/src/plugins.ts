import { readFile } from 'node:fs/promises';
import { catalogOf } from '@stagewright/engine/template';
import { ebook } from '@stagewright/plugin-ebook';
import { http } from '@stagewright/plugin-http';
import type { Plugin } from '@stagewright/engine/plugin';

/** The plugins that hermetic runs and checks know: the same list as the server's, sorted by name. */
export const PLUGINS: Plugin[] = [ebook, http];

export const PLUGIN_CATALOG = catalogOf(PLUGINS);

/** Reads a file that a plugin ships. */
export async function readAsset(url: URL): Promise<Uint8Array> {
  return readFile(url);
}
