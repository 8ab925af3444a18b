import { StagewrightError } from '../errors/stagewright-error.ts';
import type { Action, Plugin } from './define-plugin.ts';

const NAME = /^[a-z][a-z0-9-]{0,63}$/;
const VERSION = /^\d+\.\d+\.\d+(-[0-9a-z.-]+)?$/;

export function definePlugin(plugin: Plugin): Plugin {
  const faults = [
    ...pluginFaults(plugin),
    ...plugin.actions.flatMap((action) => actionFaults(plugin, action)),
  ];
  if (faults.length > 0) {
    throw new StagewrightError(
      'PLUGIN_INVALID',
      `Plugin "${plugin.name}" is not valid: ${faults.join('; ')}.`,
      {
        hint: "Mend the declaration in the plugin's index.ts.",
      },
    );
  }
  return Object.freeze({ ...plugin, actions: Object.freeze([...plugin.actions]) as unknown as Action[] });
}

function pluginFaults(plugin: Plugin): string[] {
  const faults: string[] = [];
  if (!NAME.test(plugin.name)) faults.push(`name "${plugin.name}" must match ${NAME.source}`);
  if (!VERSION.test(plugin.version)) faults.push(`version "${plugin.version}" must be SemVer`);
  const ids = plugin.actions.map((action) => action.id);
  for (const id of new Set(ids)) {
    if (ids.filter((other) => other === id).length > 1) faults.push(`action "${id}" is declared twice`);
  }
  return faults;
}

function actionFaults(plugin: Plugin, action: Action): string[] {
  const faults: string[] = [];
  const [owner, name, ...rest] = action.id.split('/');
  if (owner !== plugin.name || name === undefined || !NAME.test(name) || rest.length > 0) {
    faults.push(`action "${action.id}" must be named "${plugin.name}/<name>"`);
  }
  if (action.examples.length === 0) faults.push(`action "${action.id}" has no example`);
  if (action.input['type'] !== 'object') faults.push(`input of "${action.id}" must be an object schema`);
  return faults;
}
