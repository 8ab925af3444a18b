import { splitFrontMatter } from './front-matter.ts';
import type { SplitPrompt } from './front-matter.ts';
import { notText, tooLong } from './prompt.errors.ts';
import type { PromptFault, PromptProblem } from './prompt.errors.ts';
import { MAX_PROMPT_BYTES } from './prompt-limits.ts';
import type { PromptNode } from './prompt-node.ts';
import { parsePromptText } from './prompt-syntax.ts';

/** A prompt file parsed on its own; partials and variables are not resolved. */
export interface ParsedPrompt {
  frontMatter: { title?: string; description?: string; variables: string[] | null };
  /** The text without its front matter, whose lines are kept empty so that line numbers stay those of the file. */
  body: string;
  problems: PromptProblem[];
  /** Names of the partials it uses, each once, in order of appearance. */
  partials: string[];
}

/** A prompt file as the checker and the renderer need it. */
export interface PromptSource {
  path: string;
  split: SplitPrompt;
  nodes: PromptNode[];
  faults: PromptFault[];
}

/** Front matter and syntax of one prompt. Never throws. */
export function readPrompt(path: string, text: unknown): PromptSource {
  const nothing: SplitPrompt = {
    frontMatter: { variables: null },
    variablePlaces: [],
    content: '',
    skippedLines: 0,
    faults: [],
  };
  if (typeof text !== 'string') return { path, split: nothing, nodes: [], faults: [notText()] };
  const bytes = text.length > MAX_PROMPT_BYTES ? text.length : Buffer.byteLength(text);
  if (bytes > MAX_PROMPT_BYTES) return { path, split: nothing, nodes: [], faults: [tooLong(bytes)] };
  const split = splitFrontMatter(text);
  const tree = parsePromptText(split.content, split.skippedLines);
  return { path, split, nodes: tree.nodes, faults: [...split.faults, ...tree.faults] };
}

/** Parses one prompt file: front matter and the allow-list of syntax. Never throws. */
export function parsePromptFile(path: string, text: string): ParsedPrompt {
  const source = readPrompt(path, text);
  return {
    frontMatter: source.split.frontMatter,
    body: '\n'.repeat(source.split.skippedLines) + source.split.content,
    problems: inFile(path, source.faults),
    partials: [...new Set(partialNames(source.nodes))],
  };
}

/** Faults as problems of a file, in the order in which they stand there. */
export function inFile(path: string, faults: PromptFault[]): PromptProblem[] {
  return faults
    .map((fault) => ({ ...fault, file: path }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

function partialNames(nodes: PromptNode[]): string[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'partial') return [node.name];
    if (node.kind === 'block') return [...partialNames(node.body), ...partialNames(node.otherwise ?? [])];
    return [];
  });
}
