import { corePlugins } from './core-actions.ts';
import { actionUnknown, assetUnknown } from './execution.errors.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import { catalogOf } from '../template/catalog.ts';
import type { ActionRegistry } from './ports.ts';
import type { Action, Plugin } from '../plugin/define-plugin.ts';

export interface ActionRegistryOptions {
  /** Reads a file that ships with a plugin: the engine itself has no files. */
  readAsset(url: URL): Promise<Uint8Array>;
}

/**
 * The actions of these plugins and of the engine itself. Throws `PLUGIN_TWICE` when two plugins have the same name:
 * which of them would answer must never depend on their order.
 */
export function createActionRegistry(plugins: Plugin[], options: ActionRegistryOptions): ActionRegistry {
  const all = [...corePlugins, ...plugins];
  const byName = new Map<string, Plugin>();
  const handlers = new Map<string, Action>();
  for (const plugin of all) {
    if (byName.has(plugin.name)) throw pluginTwice(plugin.name);
    byName.set(plugin.name, plugin);
    for (const action of plugin.actions) handlers.set(action.id, action);
  }
  const assets = new Map<string, Promise<Uint8Array>>();
  return {
    ...catalogOf(all),
    run: async (id, input, context) => {
      const action = handlers.get(id);
      if (action === undefined) throw actionUnknown(id);
      return await action.run(input, context);
    },
    asset: async (plugin, name) => {
      const declared = byName.get(plugin)?.assets;
      const url = declared !== undefined && Object.hasOwn(declared, name) ? declared[name] : undefined;
      if (url === undefined) throw assetUnknown(plugin, name);
      const known = assets.get(url.href) ?? options.readAsset(url);
      assets.set(url.href, known);
      // A read that failed is tried again next time.
      return await known.catch((error: unknown) => {
        assets.delete(url.href);
        throw error;
      });
    },
    plugins: () => all.map(({ name, version }) => ({ name, version })),
  };
}

function pluginTwice(name: string): StagewrightError {
  return new StagewrightError('PLUGIN_TWICE', `Two plugins are named "${name}".`, {
    hint: 'Remove one of them, or give it another name.',
  });
}
