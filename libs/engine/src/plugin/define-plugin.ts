import type { ActionContext } from '../ports/action-context.ts';
import type { Json, JsonObject, JsonSchema } from '../vocabulary.ts';

/**
 * Code that contributes a workflow type, actions or artifact types. Declarations only: `index.ts` of a plugin is read
 * in ten seconds.
 */
export interface Plugin {
  /** Folder name under `libs/plugins`, and the first half of its action ids. */
  name: string;
  version: string;
  title: string;
  description: string;
  workflowType?: WorkflowType;
  actions: Action[];
  artifactTypes?: ArtifactType[];
  /** Files that ship with the plugin (fonts, stylesheets): name -> file URL. Read through `context.asset(name)`. */
  assets?: Record<string, URL>;
}

/** What kind of thing a template makes: the `type` of a template. */
export interface WorkflowType {
  name: string;
  title: string;
  description: string;
}

export interface ArtifactType {
  name: string;
  title: string;
  mediaType: string;
  extension: string;
}

/**
 * How an action behaves when it is repeated with the same idempotency key after a crash.
 * `key`: the receiver honours the key. `natural`: repeating has no further effect. `none`: an unknown outcome needs a person.
 */
export type Idempotency = 'key' | 'natural' | 'none';

/** One function of a plugin that a stage can call: `uses: ebook/build`. */
export interface Action {
  /** `<plugin>/<verb-or-noun>`. */
  id: string;
  description: string;
  /** Contract of `with`. */
  input: JsonSchema;
  /** Contract of what it gives back. */
  output: JsonSchema;
  /** Scopes it needs, such as `http:write`; the template must grant them. */
  scopes: string[];
  idempotency: Idempotency;
  run(input: JsonObject, context: ActionContext): Promise<Json>;
  /** Documentation, snippet and executed test at once. At least one. */
  examples: ActionExample[];
}

export interface ActionExample {
  title: string;
  with: JsonObject;
  /** Uploaded files that `with` refers to by id: id -> file name and content. */
  uploads?: Record<string, { name: string; mediaType: string; content: Uint8Array | string }>;
  /** What the output must at least hold (a deep partial match), or the code of the error. */
  expect: { output: Json } | { error: string };
}

/** Checks a plugin's declaration and freezes it. Throws `PLUGIN_INVALID` with every fault named. */
export { definePlugin } from './check-plugin.ts';
