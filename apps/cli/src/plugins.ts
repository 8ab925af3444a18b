import { readFile } from 'node:fs/promises';
import { createActionRegistry } from '@stagewright/engine';
import type { ActionCatalog } from '@stagewright/engine/template';
import { ebook } from '@stagewright/plugin-ebook';
import { http } from '@stagewright/plugin-http';
import { website } from '@stagewright/plugin-website';
import type { Plugin } from '@stagewright/engine/plugin';

/** The plugins that hermetic runs and checks know: the same list as the server's, sorted by name. */
export const PLUGINS: Plugin[] = [ebook, http, website];

/** What templates are checked against: their actions and those of the engine itself, as on the server. */
export const PLUGIN_CATALOG: ActionCatalog = createActionRegistry(PLUGINS, { readAsset });

/** Reads a file that a plugin ships. */
export async function readAsset(url: URL): Promise<Uint8Array> {
  return readFile(url);
}
