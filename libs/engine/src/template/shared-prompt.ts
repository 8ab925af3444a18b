import type { Finding } from '../errors/finding.ts';
import { checkPrompt, parsePromptFile } from '../prompt/index.ts';
import { PARTIAL_NAME } from '../prompt/prompt-limits.ts';
import type { PlannedPrompt } from './plan.ts';
import type { RegistryFiles } from './registry-files.ts';
import { decode, readSource } from './source/read-source.ts';
import { Report } from './source/report.ts';
import { child } from './source/source-node.ts';

/** A variable that a prompt reads, as one writes it: `inputs.topic`, `stages.outline.output.chapters[].title`. */
export interface PromptVariable {
  name: string;
  /** Every rendering needs it: it is read outside of conditions, lists and defaults. */
  required: boolean;
}

/** A prompt under `prompts/` of a registry, looked at by itself: what it says, what it reads and what is wrong with it. */
export interface SharedPrompt {
  name: string;
  /** Registry path. */
  path: string;
  /** The whole file; null when it is too large or not text. */
  text: string | null;
  title: string | null;
  description: string | null;
  /** What its front matter says that it may read; null when it says nothing. */
  declared: string[] | null;
  variables: PromptVariable[];
  /** Shared prompts that it includes, through others as well, sorted. */
  partials: string[];
  /** Ready to be rendered; null iff `findings` has an error. */
  prompt: PlannedPrompt | null;
  findings: Finding[];
}

export function isPromptName(name: string): boolean {
  return PARTIAL_NAME.test(name);
}

export function promptPath(name: string): string {
  return `prompts/${name}.hbs`;
}

/** Names of the shared prompts, sorted. A file whose name no prompt can have is none. */
export function promptNames(files: RegistryFiles): string[] {
  return files
    .list('prompts/')
    .filter((path) => path.endsWith('.hbs'))
    .map((path) => path.slice('prompts/'.length, -'.hbs'.length))
    .filter(isPromptName);
}

/** Null when the registry has no prompt of that name. Never throws for what is wrong in the files. */
export function readSharedPrompt(files: RegistryFiles, name: string): SharedPrompt | null {
  const path = promptPath(name);
  const bytes = files.read(path);
  if (bytes === undefined) return null;
  const report = new Report();
  const text = decode(path, bytes, report)?.text ?? null;
  const nothing = {
    title: null,
    description: null,
    declared: null,
    variables: [],
    partials: [],
    prompt: null,
  };
  if (text === null) return { name, path, text, ...nothing, findings: report.sorted() };
  const { frontMatter } = parsePromptFile(path, text);
  const { problems, prompt, reads, needs } = checkPrompt({
    path,
    text,
    standalone: true,
    known: () => 'maybe',
    partial: (other) => partialOf(files, other, report),
  });
  for (const { code, message, hint, file, line, column, endLine, endColumn } of problems) {
    const end = endLine === undefined || endColumn === undefined ? {} : { endLine, endColumn };
    const told = hint === undefined ? { code, message } : { code, message, hint };
    report.put({ ...told, file, line, column, ...end, severity: 'error' });
  }
  return {
    name,
    path,
    text,
    title: frontMatter.title ?? null,
    description: frontMatter.description ?? null,
    declared: frontMatter.variables,
    variables: variablesOf(reads, needs),
    partials: Object.keys(prompt?.partials ?? {}).sort(),
    prompt: report.hasErrors() ? null : prompt,
    findings: report.sorted(),
  };
}

/** Which reusable stages name a file as their prompt: the reference as it is written there -> `stages/research`, sorted. */
export function stagesByPrompt(files: RegistryFiles): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const path of files.list('stages/').filter((one) => one.endsWith('.yaml'))) {
    const root = readSource(path, files.read(path) ?? new Uint8Array(), new Report());
    if (root === null) continue;
    for (const prompt of new Set(PROMPT_KEYS.map((key) => child(root, key)?.value))) {
      if (typeof prompt !== 'string') continue;
      found.set(prompt, [...(found.get(prompt) ?? []), path.slice(0, -'.yaml'.length)]);
    }
  }
  return found;
}

const PROMPT_KEYS = ['prompt', 'system', 'repair'];

function partialOf(
  files: RegistryFiles,
  name: string,
  report: Report,
): { path: string; text: string } | undefined {
  const path = promptPath(name);
  const bytes = files.read(path);
  const text = bytes === undefined ? undefined : decode(path, bytes, report)?.text;
  return text === undefined ? undefined : { path, text };
}

/** What is read inside a variable counts as it, too: `inputs` is not listed beside `inputs.topic`. */
function variablesOf(reads: string[][], needs: string[][]): PromptVariable[] {
  const needed = new Set(needs.map(dotted));
  const names = [...new Set(reads.map(dotted))].sort();
  return names
    .filter((name) => !names.some((other) => other.startsWith(`${name}.`) || other.startsWith(`${name}[`)))
    .map((name) => ({ name, required: needed.has(name) }));
}

function dotted(path: string[]): string {
  return path.join('.').replaceAll('.[]', '[]');
}
