import { parseValue, splitText } from '../expression/index.ts';
import type { Json, JsonObject, JsonSchema } from '../vocabulary.ts';
import { canonicalJson, digestOf } from './canonical.ts';
import type { StageParts } from './check/check-stages.ts';
import type { Compilation } from './check/compilation.ts';
import { CODEOWNERS } from './check/owners.ts';
import type { StageDraft } from './check/draft.ts';
import { parseDuration } from './check/duration.ts';
import type { Budget, EndAction, Gate, Plan, PlannedPrompt, PlannedStage, Retry, Value } from './plan.ts';

/** Contract of a template that takes no inputs. */
export const NO_INPUTS: JsonSchema = { type: 'object', additionalProperties: false, properties: {} };

const DEFAULT_TIMEOUT_MS = 300_000;
const DEFAULT_TOOL_CALLS = 25;

/** What a checked template consists of. */
export interface CheckedTemplate {
  /** The template as JSON. It has no errors: fields are there and of the right type. */
  value: JsonObject;
  inputs: JsonSchema;
  drafts: StageDraft[];
  parts: ReadonlyMap<string, StageParts>;
}

/** Puts the plan of a template together that has no errors. */
export function buildPlan(template: CheckedTemplate, compilation: Compilation): Plan {
  const { value } = template;
  const stages = template.drafts.map((draft, index) => buildStage(draft, index, template, compilation));
  const files = Object.fromEntries([...compilation.used].sort(([a], [b]) => (a < b ? -1 : 1)));
  const name = text(value['name'], '');
  return {
    name,
    title: text(value['title'], name),
    description: text(value['description'], ''),
    type: text(value['type'], ''),
    version: text(value['version'], ''),
    owners: texts(value['owners']),
    labels: object(value['labels']) as Record<string, string>,
    inputs: template.inputs,
    budget: budgetOf(value['budget']),
    permissions: texts(value['permissions']),
    stages,
    outputs: values(value['outputs']),
    onComplete: list(value['onComplete']).map(endActionOf),
    digest: digestOf(canonicalJson({ template: value, files, ...ownersIn(template, compilation) })),
    files,
  };
}

function buildStage(
  draft: StageDraft,
  index: number,
  template: CheckedTemplate,
  compilation: Compilation,
): PlannedStage {
  const value = draft.node.value;
  const defaults = object(template.value['defaults']);
  const base = {
    id: draft.id,
    name: text(value['name'], draft.id),
    description: text(value['description'], ''),
    sequence: (index + 1) * 10,
    needs: draft.needs,
    if: conditionOf(value['if']),
    forEach: forEachOf(value),
    retry: retryOf({ ...object(defaults['retry']), ...object(value['retry']) }),
    timeoutMs: durationOf(value['timeout'] ?? defaults['timeout'], DEFAULT_TIMEOUT_MS),
    approval: value['approval'] === undefined ? null : gateOf(object(value['approval']), compilation),
    advance: value['advance'] === 'manual' ? ('manual' as const) : ('auto' as const),
    final: value['final'] === true,
    cache: value['cache'] !== false,
    permissions: texts(value['permissions'] ?? template.value['permissions']),
    output: draft.output,
  };
  const parts = template.parts.get(draft.id);
  switch (draft.mode) {
    case 'manual':
      return {
        ...base,
        mode: 'manual',
        form: draft.output ?? {},
        assignees: texts(value['assignees']),
        guidelines: text(value['guidelines'], ''),
      };
    case 'system':
      return { ...base, mode: 'system', uses: text(value['uses'], ''), with: values(value['with']) };
    case 'cli_loop': {
      const { models, temperature, maxTokens } = modelParts(value, defaults);
      return {
        ...base,
        mode: 'cli_loop',
        command: text(value['command'], ''),
        args: list(value['args']).map((argument) =>
          parseValue(typeof argument === 'string' ? argument : canonicalJson(argument)),
        ),
        files: filesOf(value['files']),
        until: conditionOf(value['until']),
        maxIterations: number(value['maxIterations'], 5),
        repair: parts?.repair ?? null,
        models,
        temperature,
        maxTokens,
      };
    }
    case 'ai':
    case null:
      return { ...base, mode: 'ai', ...aiParts(value, defaults), ...promptsOf(parts, compilation) };
  }
}

function modelParts(
  value: JsonObject,
  defaults: JsonObject,
): { models: string[]; temperature: number | null; maxTokens: number | null } {
  const models = texts(value['models'] ?? defaults['models']);
  return {
    models: models.length > 0 ? models : ['default'],
    temperature: typeof value['temperature'] === 'number' ? value['temperature'] : null,
    maxTokens: typeof value['maxTokens'] === 'number' ? value['maxTokens'] : null,
  };
}

function aiParts(
  value: JsonObject,
  defaults: JsonObject,
): ReturnType<typeof modelParts> & { tools: string[]; maxToolCalls: number } {
  const tools = texts(value['tools']);
  return {
    ...modelParts(value, defaults),
    tools,
    maxToolCalls: number(value['maxToolCalls'], tools.length === 0 ? 0 : DEFAULT_TOOL_CALLS),
  };
}

function promptsOf(
  parts: StageParts | undefined,
  compilation: Compilation,
): { prompt: PlannedPrompt; system: PlannedPrompt | null } {
  // A stage without errors has its prompt; anything else is a fault of the checks, not of the template.
  if (parts === undefined || parts.prompt === null) {
    throw new Error(`A stage of "${compilation.name}" passed its checks without a prompt.`);
  }
  return { prompt: parts.prompt, system: parts.system };
}

function retryOf(value: JsonObject): Retry {
  const delayMs = durationOf(value['delay'], 1_000);
  return {
    attempts: number(value['attempts'], 3),
    delayMs,
    maxDelayMs: Math.max(delayMs, durationOf(value['maxDelay'], 60_000)),
  };
}

/** People whom CODEOWNERS names are part of the revision where a gate asks for them: other owners make another one. */
function ownersIn({ drafts }: CheckedTemplate, compilation: Compilation): JsonObject {
  const isAsked = drafts.some(({ node }) =>
    texts(object(node.value['approval'])['approvers']).includes(CODEOWNERS),
  );
  return isAsked && compilation.codeowners !== null ? { codeowners: compilation.codeowners } : {};
}

/** What CODEOWNERS says stands in the plan by name. Without that file, `codeowners` means the owners of the template. */
function approversOf(value: JsonObject, compilation: Compilation): string[] {
  const written = texts(value['approvers']);
  if (!written.includes(CODEOWNERS)) return written;
  const named = compilation.codeowners ?? [CODEOWNERS];
  return [...new Set(written.flatMap((rule) => (rule === CODEOWNERS ? named : [rule])))];
}

function gateOf(value: JsonObject, compilation: Compilation): Gate {
  const deadlineMs = value['deadline'] === undefined ? null : durationOf(value['deadline'], 0);
  const asked = value['onDeadline'];
  const onDeadline = asked === 'approve' || asked === 'fail' ? asked : 'escalate';
  return {
    approvers: approversOf(value, compilation),
    quorum: number(value['quorum'], 1),
    selfApproval: value['selfApproval'] !== false,
    deadlineMs,
    onDeadline: deadlineMs === null ? null : onDeadline,
    maxAttempts: number(value['maxAttempts'], 5),
  };
}

function forEachOf(value: JsonObject): PlannedStage['forEach'] {
  if (typeof value['forEach'] !== 'string') return null;
  return {
    source: sourceOf(value['forEach']),
    as: text(value['as'], 'item'),
    concurrency: number(value['concurrency'], 4),
  };
}

/** The working files of a loop: a list, or an expression that may be written bare. */
function filesOf(value: Json | undefined): Value {
  return typeof value === 'string'
    ? { kind: 'expression', source: sourceOf(value) }
    : parseValue(value ?? []);
}

function budgetOf(value: Json | undefined): Budget | null {
  if (value === undefined) return null;
  const budget = object(value);
  return { usd: number(budget['usd'], 0), onExceed: budget['onExceed'] === 'fail' ? 'fail' : 'ask' };
}

function endActionOf(value: Json): EndAction {
  const action = object(value);
  return { uses: text(action['uses'], ''), if: conditionOf(action['if']), with: values(action['with']) };
}

function conditionOf(value: Json | undefined): string | null {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? sourceOf(value) : null;
}

/** The expression of a field that may hold it bare or in `${{ }}`. */
function sourceOf(field: string): string {
  const expression = splitText(field).parts.find((part) => part.kind === 'expression');
  return (expression?.text ?? field).trim();
}

function durationOf(value: Json | undefined, otherwise: number): number {
  return typeof value === 'string' ? (parseDuration(value) ?? otherwise) : otherwise;
}

function values(value: Json | undefined): Record<string, Value> {
  return Object.fromEntries(Object.entries(object(value)).map(([key, entry]) => [key, parseValue(entry)]));
}

function text(value: Json | undefined, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function number(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: Json | undefined): string[] {
  return list(value).filter((item): item is string => typeof item === 'string');
}

function object(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
