import type { ActionFacts } from '../catalog.ts';
import { CALL_TOOL } from '../core-actions.ts';
import { child } from '../source/source-node.ts';
import type { MapNode, Place, SourceNode } from '../source/source-node.ts';
import type { Compilation } from './compilation.ts';
import { listUnder, textItems } from './draft.ts';
import { grantsForEndAction } from '../end-action-scopes.ts';
import { templateFaults } from './template.errors.ts';

/** Keeps the account of what is granted and what is needed. */
export class Permissions {
  readonly #granted: ReadonlySet<string>;
  readonly #needed = new Set<string>();
  readonly #root: SourceNode;
  readonly #compilation: Compilation;
  /** Not everything that may need permissions is known, so nothing can be called unused. */
  #uncertain = false;

  constructor(root: SourceNode, compilation: Compilation) {
    this.#root = root;
    this.#compilation = compilation;
    this.#granted = new Set(this.#items(root).map((item) => String(item.value)));
  }

  /** An action that something of the template calls; `stage` is null for an end action. */
  need(action: ActionFacts | null, place: Place, stage: MapNode | null): void {
    // What `tool/call` will reach is not known here, so any permission may be for it.
    if (action === null || action.id === CALL_TOOL.id) this.#uncertain = true;
    if (action === null) return;
    for (const scope of action.scopes) {
      for (const used of stage === null ? grantsForEndAction(this.#granted, scope) : [scope])
        this.#needed.add(used);
      const by = this.#refusedBy(scope, stage);
      if (by !== null)
        this.#compilation.report.error(place, templateFaults.permissionMissing(scope, action.id, by));
    }
  }

  #refusedBy(scope: string, stage: MapNode | null): 'template' | 'stage' | null {
    const broken = child(this.#root, 'permissions');
    if (broken !== undefined && !this.#compilation.report.isSound(broken)) return null;
    if (stage === null) return grantsForEndAction(this.#granted, scope).length > 0 ? null : 'template';
    if (!this.#granted.has(scope)) return 'template';
    const own = listUnder(stage, 'permissions', this.#compilation.report);
    return own !== undefined && !textItems(own).some((item) => item.value === scope) ? 'stage' : null;
  }

  /** A stage may only narrow what the template grants. */
  checkStage(stage: MapNode): void {
    for (const item of this.#items(stage)) {
      if (this.#granted.has(String(item.value))) continue;
      this.#compilation.report.error(item, templateFaults.permissionBeyond(String(item.value)));
    }
  }

  warnUnused(): void {
    if (this.#uncertain) return;
    for (const item of this.#items(this.#root)) {
      const scope = String(item.value);
      if (!this.#needed.has(scope))
        this.#compilation.report.warning(item, templateFaults.permissionUnused(scope));
    }
  }

  #items(owner: SourceNode): ReturnType<typeof textItems> {
    return textItems(listUnder(owner, 'permissions', this.#compilation.report));
  }
}
