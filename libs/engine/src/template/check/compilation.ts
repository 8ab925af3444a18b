import { digestOf } from '../canonical.ts';
import { codeownersOf } from '../codeowners/codeowners.ts';
import type { ActionCatalog } from '../catalog.ts';
import type { Digest } from '../../vocabulary.ts';
import { resolveReference } from '../registry-files.ts';
import type { RegistryFiles } from '../registry-files.ts';
import type { Report } from '../source/report.ts';
import type { ScalarNode } from '../source/source-node.ts';
import { templateFaults } from './template.errors.ts';

/** What the checks of one template share. */
export class Compilation {
  readonly name: string;
  readonly folder: string;
  readonly catalog: ActionCatalog;
  readonly report: Report;
  /** Registry path -> sha256 of every file that went in. */
  readonly used = new Map<string, Digest>();
  readonly #files: RegistryFiles;
  #codeowners: string[] | null | undefined;

  constructor(name: string, parts: { files: RegistryFiles; catalog: ActionCatalog; report: Report }) {
    this.name = name;
    this.folder = `templates/${name}`;
    this.#files = parts.files;
    this.catalog = parts.catalog;
    this.report = parts.report;
  }

  /** The bytes of a file, which becomes part of the template's digest. */
  open(path: string): Uint8Array | undefined {
    const bytes = this.#files.read(path);
    if (bytes !== undefined && !this.used.has(path)) this.used.set(path, digestOf(bytes));
    return bytes;
  }

  /** The file that a text of the template names; null, and a finding, when it may not be read or is not there. */
  openReference(node: ScalarNode): { path: string; bytes: Uint8Array } | null {
    const reference = String(node.value);
    const found = resolveReference(this.#files, this.folder, reference);
    if (found === null) {
      this.report.broken(node, templateFaults.pathForbidden(reference));
      return null;
    }
    const bytes = found.exists ? this.open(found.path) : undefined;
    if (bytes === undefined) {
      this.report.broken(node, templateFaults.fileMissing(reference, found.path, this.#ownFiles()));
      return null;
    }
    return { path: found.path, bytes };
  }

  /** Who owns the template by the registry's CODEOWNERS; null when it has none. Read when a gate asks for it. */
  get codeowners(): string[] | null {
    if (this.#codeowners === undefined) this.#codeowners = codeownersOf(this.#files, this.name);
    return this.#codeowners;
  }

  /** A shared or own prompt by the name that a partial is used with. */
  openPartial(name: string): { path: string; bytes: Uint8Array } | null {
    const found = resolveReference(this.#files, this.folder, `prompts/${name}.hbs`);
    const bytes = found?.exists === true ? this.open(found.path) : undefined;
    return found === null || bytes === undefined ? null : { path: found.path, bytes };
  }

  #ownFiles(): string[] {
    return this.#files.list(`${this.folder}/`).map((path) => path.slice(this.folder.length + 1));
  }
}
