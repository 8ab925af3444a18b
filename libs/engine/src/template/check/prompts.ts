import { checkPrompt } from '../../prompt/index.ts';
import type { PromptProblem } from '../../prompt/index.ts';
import type { Names } from '../../expression/index.ts';
import type { PlannedPrompt } from '../plan.ts';
import { decode } from '../source/read-source.ts';
import type { Fault } from '../source/report.ts';
import type { ScalarNode } from '../source/source-node.ts';
import type { Compilation } from './compilation.ts';

/** Checks the prompt that a text of the template names; null, with findings, when it cannot be used. */
export function promptOf(
  node: ScalarNode | undefined,
  names: Names,
  compilation: Compilation,
): PlannedPrompt | null {
  if (node === undefined) return null;
  const file = compilation.openReference(node);
  const source = file === null ? null : decode(file.path, file.bytes, compilation.report);
  if (source === null) return null;
  const { problems, prompt } = checkPrompt({
    path: source.path,
    text: source.text,
    partial: (name) => {
      const partial = compilation.openPartial(name);
      const text = partial === null ? null : decode(partial.path, partial.bytes, compilation.report);
      return text === null ? undefined : { path: text.path, text: text.text };
    },
    known: (path) => names.resolve(path).found,
  });
  for (const problem of problems) {
    compilation.report.put({ ...told(problem, names), severity: 'error' });
  }
  return prompt;
}

/** A variable that names a stage wrongly is told like the same fault in an expression. */
function told({ missing, ...problem }: PromptProblem, names: Names): Omit<PromptProblem, 'missing'> {
  const fault = missing === undefined ? null : stageFault(missing, names);
  if (fault === null) return problem;
  const { code, message, hint } = fault;
  return { ...problem, code, message, ...(hint === null || hint === undefined ? {} : { hint }) };
}

function stageFault(missing: string[], names: Names): Fault | null {
  if (missing.length !== 2 || missing[0] !== 'stages') return null;
  const resolution = names.resolve(missing);
  return resolution.found === 'no' ? resolution : null;
}
