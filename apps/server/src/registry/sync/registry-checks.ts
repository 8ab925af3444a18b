import { setImmediate } from 'node:timers/promises';

import { Inject, Injectable } from '@nestjs/common';
import { checkTemplate, filesFromMap, gatherChecks, templateNames } from '@stagewright/engine/template';
import type { ActionCatalog, CheckedRegistry, CheckedTemplate } from '@stagewright/engine/template';

import { ACTION_REGISTRY } from '../../runs/engine.tokens.ts';
import { digestOfFiles } from './files-digest.ts';

/**
 * Checks the files of a registry one template at a time, so that the server answers requests meanwhile. A template is
 * not checked again while neither its own files nor those that templates share have changed.
 */
@Injectable()
export class RegistryChecks {
  /** What the last registry consisted of, by the digest of all that its check could see. */
  private known: ReadonlyMap<string, CheckedTemplate> = new Map();

  constructor(@Inject(ACTION_REGISTRY) private readonly catalog: ActionCatalog) {}

  async check(content: ReadonlyMap<string, Uint8Array>): Promise<CheckedRegistry> {
    const files = filesFromMap(content);
    const digests = digestsByTemplate(content);
    const checked = new Map<string, CheckedTemplate>();
    for (const name of templateNames(files)) {
      const digest = `${name}:${digests.of(name)}`;
      const before = this.known.get(digest);
      if (before === undefined) await setImmediate();
      checked.set(digest, before ?? checkTemplate(files, name, this.catalog));
    }
    this.known = checked;
    return gatherChecks(files, [...checked.values()]);
  }
}

/** Of the files of a template together with everything outside of all templates. */
function digestsByTemplate(content: ReadonlyMap<string, Uint8Array>): { of(name: string): string } {
  const byName = new Map<string | undefined, Array<[string, Uint8Array]>>();
  for (const [path, bytes] of content) {
    const name = /^templates\/([^/]+)\//.exec(path)?.[1];
    const files = byName.get(name) ?? [];
    byName.set(name, files);
    files.push([path, bytes]);
  }
  const shared = digestOfFiles(byName.get(undefined) ?? []);
  return { of: (name) => digestOfFiles(byName.get(name) ?? []) + shared };
}
