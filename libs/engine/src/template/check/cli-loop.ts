import type { JsonSchema } from '../../vocabulary.ts';
import type { PlannedPrompt } from '../plan.ts';
import { child } from '../source/source-node.ts';
import type { MapNode, SourceNode } from '../source/source-node.ts';
import { workingPathFault } from '../working-path.ts';
import { checkExpressions } from './actions.ts';
import { checkCondition, checkSole, hasExpression, typeWords } from './check-text.ts';
import type { StageCheck } from './check-stages.ts';
import { textUnder } from './draft.ts';
import type { TemplateNames } from './names.ts';
import { promptOf } from './prompts.ts';
import { templateFaults } from './template.errors.ts';

const TEXT: JsonSchema = { type: 'string' };
const COUNT: JsonSchema = { type: 'integer' };

/** What a loop that passed gives to the stages behind it. */
export const LOOP_OUTPUT: JsonSchema = {
  type: 'object',
  required: ['passed', 'iterations', 'exitCode', 'output', 'files'],
  additionalProperties: false,
  properties: {
    passed: { type: 'boolean' },
    iterations: COUNT,
    exitCode: COUNT,
    output: TEXT,
    files: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'artifact', 'name', 'type', 'mediaType', 'size', 'digest'],
        additionalProperties: false,
        properties: {
          path: TEXT,
          artifact: TEXT,
          name: TEXT,
          type: TEXT,
          mediaType: TEXT,
          size: COUNT,
          digest: TEXT,
        },
      },
    },
  },
};

/** What `until` sees of a run of the command. */
const RESULT: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: { exitCode: COUNT, output: TEXT },
};

/** What the repair prompt sees of it: the working files, too, and which repair this is. */
const FAILED_RESULT: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    exitCode: COUNT,
    output: TEXT,
    repair: COUNT,
    files: {
      type: 'array',
      items: { type: 'object', additionalProperties: false, properties: { path: TEXT, text: TEXT } },
    },
  },
};

/** Keys that only the repair needs. */
const OF_REPAIR = ['models', 'temperature', 'maxTokens'];

/** Checks a stage of mode `cli_loop`; gives its repair prompt. `prompt` holds the names that prompts see. */
export function checkCliLoop(check: StageCheck, prompt: TemplateNames): PlannedPrompt | null {
  const { draft, compilation, names } = check;
  const { report } = compilation;
  const args = child(draft.node, 'args');
  if (args !== undefined) checkExpressions(args, names, compilation);
  checkFiles(check, child(draft.node, 'files'));
  checkCondition(child(draft.node, 'until'), 'until', names.with({ result: { schema: RESULT } }), report);
  checkRepair(check);
  const failed = { result: { schema: FAILED_RESULT } };
  return promptOf(textUnder(draft.node, 'repair', report), prompt.with(failed), compilation);
}

function checkRepair({ draft: { node }, compilation: { report } }: StageCheck): void {
  const repair = node.entries.get('repair');
  if (repair === undefined) {
    for (const key of OF_REPAIR) {
      const entry = node.entries.get(key);
      if (entry !== undefined) report.error(entry.key, templateFaults.pointless(key, 'repair'));
    }
    return;
  }
  if (!node.entries.has('files')) report.warning(repair.key, templateFaults.nothingToRepair());
}

function checkFiles(check: StageCheck, files: SourceNode | undefined): void {
  const { names, compilation } = check;
  const { report } = compilation;
  if (files === undefined) return;
  if (files.kind === 'scalar') {
    const type = checkSole(files, 'files', names, report);
    if (type === null || type.startsWith('list') || type.startsWith('dyn')) return;
    return report.broken(files, templateFaults.filesNotList(typeWords(type)));
  }
  checkExpressions(files, names, compilation);
  if (files.kind !== 'list') return;
  for (const item of files.items) {
    if (item.kind === 'map') checkFile(item, check);
    else if (report.isSound(item) && !hasExpression(item))
      report.broken(item, templateFaults.fileIncomplete());
  }
}

/** One file that is written in the template. */
function checkFile(file: MapNode, { compilation: { report } }: StageCheck): void {
  const path = textUnder(file, 'path', report);
  const has = (key: string): boolean => file.entries.has(key);
  if (has('content') === has('artifact') || (has('content') && !has('path')))
    return report.broken(file, templateFaults.fileIncomplete());
  if (path === undefined || hasExpression(path)) return;
  const fault = workingPathFault(String(path.value));
  if (fault !== null) report.broken(path, templateFaults.filePath(String(path.value), fault));
}
