import type { Action, Idempotency, Plugin } from '../plugin/define-plugin.ts';
import type { JsonSchema } from '../vocabulary.ts';

/** What checking needs to know of an action: everything but its handler. */
export interface ActionFacts {
  /** `<plugin>/<name>`. */
  id: string;
  description: string;
  /** Contract of `with`. */
  input: JsonSchema;
  /** Contract of what it gives back. */
  output: JsonSchema;
  /** Scopes that the template must grant. */
  scopes: string[];
  idempotency: Idempotency;
}

/** What plugins offer, for checking templates. */
export interface ActionCatalog {
  action(id: string): ActionFacts | undefined;
  /** All actions, sorted by id. */
  actions(): ActionFacts[];
  /** Names of all workflow types, sorted. */
  workflowTypes(): string[];
}

/** The catalog of these plugins and no others. An action declared by a later plugin never replaces an earlier one. */
export function catalogOf(plugins: Plugin[]): ActionCatalog {
  const byId = new Map<string, ActionFacts>();
  const types = new Set<string>();
  for (const plugin of plugins) {
    if (plugin.workflowType !== undefined) types.add(plugin.workflowType.name);
    for (const action of plugin.actions) {
      if (!byId.has(action.id)) byId.set(action.id, factsOf(action));
    }
  }
  const actions = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const workflowTypes = [...types].sort();
  return {
    action: (id) => byId.get(id),
    actions: () => [...actions],
    workflowTypes: () => [...workflowTypes],
  };
}

function factsOf(action: Action): ActionFacts {
  const { id, description, input, output, scopes, idempotency } = action;
  return { id, description, input, output, scopes: [...scopes], idempotency };
}
