import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { compileTemplate } from '@stagewright/engine/template';
import {
  caseFileName,
  caseOfRun,
  caseText,
  peopleIn,
  redactCase,
  replayCase,
} from '@stagewright/engine/testing';
import type { Redacted, RedactionKind, ReplayResult, RunOnRecord } from '@stagewright/engine/testing';
import type { Finding } from '@stagewright/engine';
import type { Plan } from '@stagewright/engine/template';
import { fileExists, unknownTemplate } from '../cli.errors.ts';
import { PLUGIN_CATALOG } from '../plugins.ts';
import { openRegistryFolder, templateNames } from '../registry/folder-files.ts';
import type { RegistryFolder } from '../registry/folder-files.ts';
import { withIsolation } from '../registry/replay-folder.ts';
import type { Terminal } from '../terminal.ts';
import { knownSecrets } from './known-secrets.ts';

export interface SaveOptions {
  /** A path inside the registry that gets the case. */
  registry: string;
  title?: string;
  /** Where to; default is a file named after the title among the tests of the template. */
  out?: string;
  /** Overwrite what is there. */
  force?: boolean;
  /** Take another name when that of the title is taken. */
  rename?: boolean;
}

export interface SavedCase {
  /** As the user would name it. */
  path: string;
  /** How many values were replaced, by kind. */
  replaced: Partial<Record<RedactionKind, number>>;
  /** How the case goes with the template as it is in the folder; null when that does not compile. */
  result: ReplayResult | null;
  /** Why the template does not compile. */
  findings: Finding[];
  /** The run went by another revision than the folder holds. */
  isOtherRevision: boolean;
}

/**
 * Makes a case of a run, without secrets and personal data, writes it among the tests of its template, and replays it.
 * Throws `TEST_NOT_RECORDABLE`, `TEMPLATE_NOT_FOUND`, `CLI_NO_REGISTRY`, or `CLI_FILE_EXISTS`.
 */
export async function saveCase(
  terminal: Terminal,
  record: RunOnRecord,
  options: SaveOptions,
): Promise<SavedCase> {
  const folder = openRegistryFolder(resolve(terminal.cwd, options.registry));
  const { template, revision } = record.run;
  refuseUnknown(folder, template);
  const { plan, findings } = compileTemplate(folder.files, template, PLUGIN_CATALOG);
  const { clean, text, result } = await cleanCase(record, plan, {
    title: options.title,
    secrets: knownSecrets(terminal),
  });
  const target = targetOf(terminal, folder, { ...options, template, title: clean.case.title });
  const path = options.rename === true ? freePath(target) : target;
  write(path, text, { cwd: terminal.cwd, force: options.force === true });
  const shown = shownPath(path, terminal.cwd);
  return {
    path: shown,
    replaced: clean.replaced,
    result: result === null ? null : { ...result, path: shown },
    findings: findings.filter(({ severity }) => severity === 'error'),
    isOtherRevision: plan !== null && plan.digest !== revision.digest,
  };
}

/** Refuses a file that is there, before anything is run for it. Throws what saving it would throw. */
export function refuseTaken(
  terminal: Terminal,
  options: SaveOptions & { template: string; title: string },
): void {
  const folder = openRegistryFolder(resolve(terminal.cwd, options.registry));
  refuseUnknown(folder, options.template);
  const path = targetOf(terminal, folder, options);
  if (options.force !== true && existsSync(path)) throw fileExists(shownPath(path, terminal.cwd));
}

function targetOf(
  terminal: Terminal,
  { root }: RegistryFolder,
  { out, template, title }: { out?: string; template: string; title: string },
): string {
  if (out !== undefined) return resolve(terminal.cwd, out);
  return join(root, 'templates', template, 'tests', caseFileName(title));
}

function freePath(path: string): string {
  for (let nth = 1; ; nth += 1) {
    const candidate = nth === 1 ? path : path.replace(/\.test\.yaml$/, `-${nth}.test.yaml`);
    if (!existsSync(candidate)) return candidate;
  }
}

interface CleanCase {
  clean: Redacted;
  text: string;
  result: ReplayResult | null;
}

/** With readable placeholders; where the case does not pass with them, and does with placeholders as long as the values, with those. */
async function cleanCase(
  record: RunOnRecord,
  plan: Plan | null,
  { title, secrets }: { title: string | undefined; secrets: string[] },
): Promise<CleanCase> {
  const recorded = caseOfRun(record, title);
  const people = peopleIn(record.entries);
  const note = `Recorded from a run of ${record.run.template} ${record.run.revision.version}.`;
  const attempt = async (keepLength: boolean): Promise<CleanCase> => {
    const clean = redactCase(recorded, { secrets, people, keepLength });
    const text = caseText(clean.case, note);
    return {
      clean,
      text,
      result: plan === null ? null : await replayOne(plan, caseFileName(clean.case.title), text),
    };
  };
  const readable = await attempt(false);
  if (readable.result?.passed !== false || Object.keys(readable.clean.replaced).length === 0) return readable;
  const asLong = await attempt(true);
  return asLong.result?.passed === true ? asLong : readable;
}

function refuseUnknown(folder: RegistryFolder, template: string): void {
  const names = templateNames(folder);
  if (!names.includes(template)) throw unknownTemplate(template, names);
}

function write(path: string, text: string, { cwd, force }: { cwd: string; force: boolean }): void {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw fileExists(shownPath(path, cwd));
  }
}

/** The path as the user would name it. */
export function shownPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near.startsWith('..') ? path : near;
}

/** Plays the text of a case. */
export async function replayOne(plan: Plan, path: string, text: string): Promise<ReplayResult> {
  const bytes = new TextEncoder().encode(text);
  return await withIsolation((isolation) =>
    replayCase({ plan, catalog: PLUGIN_CATALOG, isolation, path, bytes }),
  );
}
