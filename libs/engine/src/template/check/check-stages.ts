import { itemSchemaOf } from '../../expression/index.ts';
import type { JsonSchema } from '../../vocabulary.ts';
import type { PlannedPrompt } from '../plan.ts';
import { child } from '../source/source-node.ts';
import type { MapNode, SourceNode } from '../source/source-node.ts';
import { actionOf, checkCall } from './actions.ts';
import { checkCondition, checkSole, soleExpression, typeWords } from './check-text.ts';
import { checkCliLoop, LOOP_OUTPUT } from './cli-loop.ts';
import type { Compilation } from './compilation.ts';
import { contractOf } from './contracts.ts';
import { listUnder, mapUnder, textItems, textUnder } from './draft.ts';
import type { StageDraft } from './draft.ts';
import { checkDuration, RANGES } from './duration.ts';
import { TAKEN_NAMES, TemplateNames } from './names.ts';
import type { NamesOptions } from './names.ts';
import type { Permissions } from './permissions.ts';
import { promptOf } from './prompts.ts';
import { templateFaults } from './template.errors.ts';

/** What checking a stage found that the plan needs: prompts with their partials. */
export interface StageParts {
  prompt: PlannedPrompt | null;
  system: PlannedPrompt | null;
  repair: PlannedPrompt | null;
}

/** One stage while it is checked, with the names that it sees. */
export interface StageCheck {
  draft: StageDraft;
  names: TemplateNames;
  compilation: Compilation;
  permissions: Permissions;
}

/** Finds out what every stage gives, before anything that reads it is checked. */
export function resolveOutputs(drafts: StageDraft[], compilation: Compilation): void {
  for (const draft of drafts) draft.output = outputOf(draft, compilation);
}

function outputOf(draft: StageDraft, compilation: Compilation): JsonSchema | null {
  const { report } = compilation;
  switch (draft.mode) {
    case 'ai':
      return contractOf(child(draft.node, 'output'), compilation);
    case 'manual':
      return contractOf(child(draft.node, 'form'), compilation);
    case 'system': {
      const uses = textUnder(draft.node, 'uses', report);
      return uses === undefined ? null : (compilation.catalog.action(String(uses.value))?.output ?? null);
    }
    case 'cli_loop':
      return LOOP_OUTPUT;
    case null:
      return null;
  }
}

/** Checks one stage in all that it says, with the names it can see. */
export function checkStage(
  draft: StageDraft,
  scope: { inputs: JsonSchema | null; stages: ReadonlyMap<string, StageDraft> },
  { compilation, permissions }: { compilation: Compilation; permissions: Permissions },
): StageParts {
  const check = { draft, names: new TemplateNames({ ...scope, user: draft }), compilation, permissions };
  checkCommon(check);
  // `if` and `forEach` are decided before there is an item; everything else sees it.
  const inner = { ...check, names: check.names.with(itemNames(check)) };
  const nothing: StageParts = { prompt: null, system: null, repair: null };
  switch (draft.mode) {
    case 'ai':
      return { ...nothing, ...checkAi(inner) };
    case 'system': {
      const uses = child(draft.node, 'uses');
      const action = checkCall(draft.node, inner.names, compilation);
      permissions.need(action, uses ?? draft.node, draft.node);
      return nothing;
    }
    case 'cli_loop':
      return { ...nothing, repair: checkCliLoop(inner, promptNames(inner)) };
    case 'manual':
    case null:
      return nothing;
  }
}

function checkCommon({ draft, names, compilation, permissions }: StageCheck): void {
  const { report } = compilation;
  const { node } = draft;
  checkCondition(child(node, 'if'), 'if', names, report);
  checkDuration(node, 'timeout', RANGES.timeout, report);
  checkRetry(mapUnder(node, 'retry', report), compilation);
  checkGate(mapUnder(node, 'approval', report), compilation);
  permissions.checkStage(node);
}

export function checkRetry(retry: MapNode | undefined, { report }: Compilation): void {
  checkDuration(retry, 'delay', RANGES.delay, report);
  checkDuration(retry, 'maxDelay', RANGES.delay, report);
}

function checkGate(gate: MapNode | undefined, { report }: Compilation): void {
  checkDuration(gate, 'deadline', RANGES.deadline, report);
  const onDeadline = gate?.entries.get('onDeadline');
  if (onDeadline !== undefined && gate?.entries.has('deadline') === false) {
    report.error(onDeadline.key, templateFaults.pointless('onDeadline', 'deadline'));
  }
}

/** The names that `forEach` adds: the item and its `index`. */
function itemNames({ draft, names, compilation }: StageCheck): NonNullable<NamesOptions['extra']> {
  const { report } = compilation;
  const forEach = child(draft.node, 'forEach');
  if (forEach === undefined) {
    for (const key of ['as', 'concurrency']) {
      const entry = draft.node.entries.get(key);
      if (entry !== undefined) report.error(entry.key, templateFaults.pointless(key, 'forEach'));
    }
    return {};
  }
  const as = textUnder(draft.node, 'as', report);
  const name = as === undefined ? 'item' : String(as.value);
  const item = { schema: itemSchema(forEach, names, compilation) };
  const index: { schema: JsonSchema } = { schema: { type: 'integer' } };
  if (as === undefined || !isTaken(name)) return { [name]: item, index };
  report.broken(as, templateFaults.asClash(name));
  return { index };
}

/** Words that CEL keeps for itself. */
const CEL_WORDS: ReadonlySet<string> = new Set([
  ...[
    'as',
    'break',
    'const',
    'continue',
    'else',
    'false',
    'for',
    'function',
    'if',
    'import',
    'in',
    'let',
    'loop',
  ],
  ...['package', 'namespace', 'null', 'return', 'true', 'var', 'void', 'while', 'this', 'cel', 'google'],
]);

function isTaken(name: string): boolean {
  return CEL_WORDS.has(name) || TAKEN_NAMES.some((taken) => taken === name);
}

function itemSchema(forEach: SourceNode, names: TemplateNames, { report }: Compilation): JsonSchema | null {
  if (!report.isSound(forEach)) return null;
  const type = checkSole(forEach, 'forEach', names, report);
  if (type === null) return null;
  if (!type.startsWith('list') && !type.startsWith('dyn')) {
    report.broken(forEach, templateFaults.notAList(typeWords(type)));
    return null;
  }
  const expression = soleExpression(forEach, 'forEach', report);
  return expression === null ? null : itemSchemaOf(expression.source, names);
}

const FEEDBACK: JsonSchema = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    properties: {
      body: { type: 'string' },
      path: { type: 'string' },
      line: { type: 'integer' },
      task: { type: 'string' },
    },
  },
};

/** What a prompt sees beyond expressions: what reviewers asked for, and what the round before gave. */
function promptNames({ draft, names }: StageCheck): TemplateNames {
  return names.with({
    feedback: { schema: FEEDBACK },
    previous: { schema: draft.output, mayBeNull: true },
  });
}

function checkAi(check: StageCheck): Pick<StageParts, 'prompt' | 'system'> {
  const { draft, compilation, permissions } = check;
  const { report } = compilation;
  for (const tool of textItems(listUnder(draft.node, 'tools', report))) {
    permissions.need(actionOf(tool, compilation), tool, draft.node);
  }
  const maxToolCalls = draft.node.entries.get('maxToolCalls');
  if (maxToolCalls !== undefined && child(draft.node, 'tools') === undefined) {
    report.error(maxToolCalls.key, templateFaults.pointless('maxToolCalls', 'tools'));
  }
  const names = promptNames(check);
  return {
    prompt: promptOf(textUnder(draft.node, 'prompt', report), names, compilation),
    system: promptOf(textUnder(draft.node, 'system', report), names, compilation),
  };
}
