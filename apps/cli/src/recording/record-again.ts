import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { compileTemplate, readCase } from '@stagewright/engine/template';
import {
  caseOfRun,
  peopleIn,
  redactCase,
  updateCase,
  verbOf,
  withRecordings,
} from '@stagewright/engine/testing';
import type { JsonObject, RunVerb, RunView } from '@stagewright/engine';
import type { Plan, ReplayCase } from '@stagewright/engine/template';
import { caseBroken, unknownTemplate } from '../cli.errors.ts';
import { followRun } from '../follow-run.ts';
import { ENDED } from '../hosts/run-host.ts';
import type { RunHost, VerbRequest } from '../hosts/run-host.ts';
import { PLUGIN_CATALOG } from '../plugins.ts';
import { openRegistryFolder, templateNames } from '../registry/folder-files.ts';
import type { Terminal } from '../terminal.ts';
import { knownSecrets } from './known-secrets.ts';
import { replayOne, shownPath } from './save-case.ts';
import type { SavedCase } from './save-case.ts';

/** A case whose recordings are to be made anew. */
export interface CaseOnDisk {
  /** Absolute. */
  path: string;
  bytes: Uint8Array;
  read: ReplayCase;
  plan: Plan;
}

/** Reads a case and compiles its template. Throws `CLI_CASE_BROKEN` with the findings, `TEMPLATE_NOT_FOUND`, or `CLI_NO_REGISTRY`. */
export function openCase(cwd: string, name: string): CaseOnDisk {
  const path = resolve(cwd, name);
  const folder = openRegistryFolder(path);
  const { files, root, template } = folder;
  if (template === null) throw unknownTemplate(name, templateNames(folder));
  const compiled = compileTemplate(files, template, PLUGIN_CATALOG);
  const bytes = readFileSync(path);
  const registryPath = relative(root, path).split(sep).join('/');
  const { read, findings } = readCase(registryPath, bytes, compiled.plan);
  if (compiled.plan === null || read === null)
    throw caseBroken(join(root, registryPath), [...compiled.findings, ...findings]);
  return { path, bytes, read, plan: compiled.plan };
}

export interface AgainOptions {
  inputs: JsonObject;
  quiet: boolean;
  /** Rewrite what the case expects, too. */
  update: boolean;
}

/**
 * Runs the template with the inputs of the case, decides as the case does, and puts what models and actions answered now in
 * the place of what is recorded. Throws `TEST_NOT_RECORDABLE`.
 */
export async function recordAgain(
  terminal: Terminal,
  host: RunHost,
  { path, bytes, read, plan }: CaseOnDisk,
  options: AgainOptions,
): Promise<SavedCase> {
  const run = await play(terminal, host, { read, plan }, options);
  const record = await host.record(run.id);
  const { case: clean, replaced } = redactCase(caseOfRun(record), {
    secrets: knownSecrets(terminal),
    people: peopleIn(record.entries),
  });
  const shown = shownPath(path, terminal.cwd);
  let text = withRecordings(path, bytes, clean);
  let result = await replayOne(plan, shown, text);
  if (options.update && !result.passed) {
    text = updateCase(new TextEncoder().encode(text), result)?.text ?? text;
    result = await replayOne(plan, shown, text);
  }
  writeFileSync(path, text);
  return { path: shown, replaced, result, findings: [], isOtherRevision: false };
}

async function play(
  terminal: Terminal,
  host: RunHost,
  { read, plan }: { read: ReplayCase; plan: Plan },
  { inputs, quiet }: AgainOptions,
): Promise<RunView> {
  let next = 0;
  const decide = async (run: RunView): Promise<boolean> => {
    const decision = read.decisions[next];
    if (decision === undefined || decision.do === 'miss-deadline') return false;
    const verb = unsigned(verbOf(decision, { run, plan, nth: next }));
    next += 1;
    await host.send(run.id, verb);
    return true;
  };
  let run = await host.create({ template: plan.name, inputs, title: read.title });
  do run = await followRun(terminal, host, run, { decide, wait: false, quiet });
  while (
    // A run that failed or is done may be retried or rerun.
    ENDED.has(run.state) &&
    (await decide(run))
  );
  return run;
}

/** The host knows who is asking. */
function unsigned({ actor: _actor, ...verb }: RunVerb): VerbRequest {
  return verb;
}
