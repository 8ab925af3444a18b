import { digestOf } from '@stagewright/engine';
import type { Digest, Finding } from '@stagewright/engine';
import type { CheckedChange } from '@stagewright/engine/template';

import type { Author } from '../git/git-writer.ts';
import {
  contentConflict,
  contentExists,
  contentInvalid,
  contentNotFound,
  promptInUse,
} from './registry-writes.errors.ts';
import type { ContentKind } from './registry-writes.errors.ts';

/** What somebody wants to become of a template or of a prompt. */
export interface ContentChange {
  verb: 'add' | 'change' | 'remove';
  kind: ContentKind;
  name: string;
  /** What was sent has no name that a folder can have; `name` stands for one. It is checked, and always refused. */
  nameless?: boolean;
  /** The files that it shall have: registry path -> text. Empty when it goes. */
  content: ReadonlyMap<string, string>;
  /** Files that are there and not among `content` stay. */
  keepsOthers: boolean;
  /** What is wrong with it whatever the registry holds. */
  faults: Finding[];
  /** Digest of the content that the caller has seen; without it, what was there when the request came. */
  expected?: string;
  message?: string;
  author: Author;
  /** The request may be another sending of one that has worked: then it has worked. */
  repeatable?: boolean;
}

/** The files of a registry: path -> bytes. */
export type FileMap = ReadonlyMap<string, Uint8Array>;

/** The registry as the change wants it, and what has to be done for it. */
export interface WantedContent {
  after: FileMap;
  put: ReadonlyMap<string, string>;
  remove: string[];
}

/** Where the content of a template or prompt lies: a folder with a `/` at its end, or a file. */
export function placeOf(kind: ContentKind, name: string): string {
  return kind === 'template' ? `templates/${name}/` : `prompts/${name}.hbs`;
}

export function contentAt(files: FileMap, kind: ContentKind, name: string): FileMap {
  const place = placeOf(kind, name);
  if (kind === 'prompt') return new Map([...files].filter(([path]) => path === place));
  return new Map([...files].filter(([path]) => path.startsWith(place)));
}

/** Names the content of a template or prompt: the same files, the same digest. Null when there is none. */
export function digestOfContent(content: FileMap): Digest | null {
  if (content.size === 0) return null;
  return digestOf(Object.fromEntries([...content].map(([path, bytes]) => [path, digestOf(bytes)])));
}

/**
 * Holds the change against what is there. Throws `TEMPLATE_EXISTS`, `TEMPLATE_NOT_FOUND`, the same of prompts, or
 * `REGISTRY_CONFLICT`.
 */
export function refuseConflict(change: ContentChange, present: FileMap, overtaken: boolean): void {
  const { verb, kind, name, expected } = change;
  const digest = digestOfContent(present);
  if (verb === 'add') {
    if (digest !== null && !(change.repeatable === true && isAlready(change, present)))
      throw contentExists(kind, name);
    return;
  }
  if (digest === null)
    throw expected === undefined ? contentNotFound(kind, name) : contentConflict(kind, name, null);
  if (expected === undefined ? overtaken : expected !== digest) throw contentConflict(kind, name, digest);
}

/** The registry with the change, in memory. Files that are no text stay: nobody could have sent them again. */
export function applyChange(change: ContentChange, files: FileMap): WantedContent {
  const present = contentAt(files, change.kind, change.name);
  const gone = [...present].filter(
    ([path, bytes]) =>
      change.verb === 'remove' || (!change.keepsOthers && !change.content.has(path) && isText(bytes)),
  );
  const put = new Map([...change.content].filter(([path, text]) => !same(present.get(path), text)));
  const after = new Map(files);
  for (const [path] of gone) after.delete(path);
  for (const [path, text] of put) after.set(path, Buffer.from(text, 'utf8'));
  const place = placeOf(change.kind, change.name);
  const remove = change.verb === 'remove' ? [place.replace(/\/$/, '')] : gone.map(([path]) => path);
  return { after, put, remove };
}

/** Throws `TEMPLATE_INVALID`, `PROMPT_INVALID` or `PROMPT_IN_USE` with every finding when there is an error among them. */
export function refuseFaults(change: ContentChange, { findings }: CheckedChange): Finding[] {
  const all = distinct([...change.faults, ...findings]).filter(
    ({ code }) => change.nameless !== true || code !== 'TEMPLATE_NAME_MISMATCH',
  );
  if (change.nameless !== true && all.every(({ severity }) => severity !== 'error')) return all;
  throw change.verb === 'remove'
    ? promptInUse(change.name, all)
    : contentInvalid(change.kind, change.nameless === true ? null : change.name, all);
}

function isAlready(change: ContentChange, present: FileMap): boolean {
  return (
    present.size === change.content.size &&
    [...change.content].every(([path, text]) => same(present.get(path), text))
  );
}

function same(bytes: Uint8Array | undefined, text: string): boolean {
  return bytes !== undefined && Buffer.from(text, 'utf8').equals(bytes);
}

/** The text of a file; null when it is none. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function isText(bytes: Uint8Array): boolean {
  return textOf(bytes) !== null;
}

function distinct(findings: Finding[]): Finding[] {
  const byKey = new Map(
    findings.map((finding) => {
      const { file, line, column, code, message } = finding;
      return [JSON.stringify([file, line, column, code, message]), finding] as const;
    }),
  );
  return [...byKey.values()];
}
