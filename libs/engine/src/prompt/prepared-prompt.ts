import type { PlannedPrompt } from '../template/plan.ts';
import { partialForbidden, promptRefused } from './prompt.errors.ts';
import { inFile, readPrompt } from './prompt-file.ts';
import type { PartialNode, PromptNode } from './prompt-node.ts';

/** A file of a prompt, ready to be rendered. */
export interface PreparedFile {
  path: string;
  nodes: PromptNode[];
}

export interface PreparedPrompt {
  main: PreparedFile;
  /** Throws `PROMPT_PARTIAL_FORBIDDEN` for a partial that the plan does not hold. */
  partial(node: PartialNode, from: PreparedFile): PreparedFile;
}

/** Parsed files by their path and text, least recently used last out. Bounded: a server sees many registries. */
const CACHED_FILES = 512;
const files = new Map<string, PreparedFile>();

/** Parses a planned prompt, or takes it from the cache. Throws the first problem that the allow-list finds. */
export function preparePrompt(prompt: PlannedPrompt): PreparedPrompt {
  return {
    main: prepareFile(prompt.path, prompt.source),
    partial(node, from) {
      if (Object.hasOwn(prompt.partials, node.name)) {
        return prepareFile(`prompts/${node.name}.hbs`, prompt.partials[node.name]);
      }
      const fault = partialForbidden(node.name, 'the plan does not hold it', node.place);
      throw promptRefused({ ...fault, file: from.path });
    },
  };
}

function prepareFile(path: string, text: unknown): PreparedFile {
  const key = typeof text === 'string' ? `${path}\n${text}` : null;
  const cached = key === null ? undefined : files.get(key);
  if (cached && key !== null) {
    files.delete(key);
    files.set(key, cached);
    return cached;
  }
  const source = readPrompt(path, text);
  const [problem] = inFile(path, source.faults);
  if (problem || key === null)
    throw promptRefused(
      problem ?? {
        code: 'TEMPLATE_SCHEMA',
        message: 'A prompt must be text.',
        line: 1,
        column: 1,
        file: path,
      },
    );
  const file = { path, nodes: source.nodes };
  files.set(key, file);
  const [oldest] = files.keys();
  if (files.size > CACHED_FILES && oldest !== undefined) files.delete(oldest);
  return file;
}
