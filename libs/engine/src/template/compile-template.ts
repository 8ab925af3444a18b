import type { Finding } from '../errors/finding.ts';
import type { JsonSchema } from '../vocabulary.ts';
import { buildPlan, NO_INPUTS } from './build-plan.ts';
import type { ActionCatalog } from './catalog.ts';
import { checkCall, checkExpressions } from './check/actions.ts';
import { checkCondition } from './check/check-text.ts';
import { checkShape } from './check/check-shape.ts';
import { checkRetry, checkStage, resolveOutputs } from './check/check-stages.ts';
import type { StageParts } from './check/check-stages.ts';
import { Compilation } from './check/compilation.ts';
import { inlineContract } from './check/contracts.ts';
import { mapUnder, textUnder } from './check/draft.ts';
import type { StageDraft } from './check/draft.ts';
import { checkDuration, RANGES } from './check/duration.ts';
import { expandStages } from './check/expand-stages.ts';
import { TemplateNames } from './check/names.ts';
import { checkOwners } from './check/owners.ts';
import { Permissions } from './check/permissions.ts';
import { checkGraph, firstById } from './check/stage-graph.ts';
import { templateFaults } from './check/template.errors.ts';
import type { Plan } from './plan.ts';
import type { RegistryFiles } from './registry-files.ts';
import { MAX_STAGES } from './schema/template-schema.ts';
import { readSource } from './source/read-source.ts';
import { Report } from './source/report.ts';
import { SourceFile } from './source/source-file.ts';
import { child, headOf } from './source/source-node.ts';
import type { SourceNode } from './source/source-node.ts';

const NAME = /^[a-z][a-z0-9_-]{0,63}$/;

/** A template as far as it could be compiled. `plan` is null iff `findings` has an error. */
export interface CompiledTemplate {
  plan: Plan | null;
  /** Sorted by file, line and column. */
  findings: Finding[];
}

/**
 * Compiles `templates/<name>/template.yaml` of a registry: file, parse, check, plan. Never throws for what is wrong in
 * the files: every fault is a finding with its place. Same files and catalog, same answer.
 */
export function compileTemplate(
  files: RegistryFiles,
  name: string,
  catalog: ActionCatalog,
): CompiledTemplate {
  const report = new Report();
  const compilation = new Compilation(name, { files, catalog, report });
  const path = `templates/${name}/template.yaml`;
  const nowhere = { source: new SourceFile(path, ''), start: 0, end: 0 };
  if (!NAME.test(name)) {
    report.error(nowhere, templateFaults.folderName(name));
    return { plan: null, findings: report.sorted() };
  }
  const bytes = compilation.open(path);
  if (bytes === undefined) {
    report.error(nowhere, templateFaults.noTemplate(name));
    return { plan: null, findings: report.sorted() };
  }
  const root = readSource(path, bytes, report);
  const plan = root === null ? null : checkTemplate(root, compilation);
  return { plan: report.hasErrors() ? null : plan, findings: report.sorted() };
}

function checkTemplate(root: SourceNode, compilation: Compilation): Plan | null {
  const { report } = compilation;
  const stageList = child(root, 'stages');
  if (stageList?.kind === 'list' && stageList.items.length > MAX_STAGES) {
    // Thousands of stages would take seconds to check and say nothing new.
    report.broken(stageList, templateFaults.tooManyStages(stageList.items.length, MAX_STAGES));
    return null;
  }
  checkShape(root, 'template', report);
  checkHeader(root, compilation);
  const inputs = checkInputs(root, compilation);
  const drafts = expandStages(root, compilation);
  checkGraph(drafts, report);
  checkOwners(root, drafts, compilation);
  resolveOutputs(drafts, compilation);
  const stages = firstById(drafts);
  const permissions = new Permissions(root, compilation);
  const parts = new Map<string, StageParts>();
  for (const draft of drafts) {
    parts.set(draft.id, checkStage(draft, { inputs, stages }, { compilation, permissions }));
  }
  const names = new TemplateNames({ inputs, stages, user: null });
  checkEnd(root, names, { compilation, permissions, drafts });
  if (report.hasErrors() || root.kind !== 'map' || inputs === null) return null;
  return buildPlan({ value: root.value, inputs, drafts, parts }, compilation);
}

function checkHeader(root: SourceNode, compilation: Compilation): void {
  const { report, catalog } = compilation;
  const name = textUnder(root, 'name', report);
  if (name !== undefined && name.value !== compilation.name) {
    report.error(name, templateFaults.nameMismatch(String(name.value), compilation.name));
  }
  const type = textUnder(root, 'type', report);
  if (type !== undefined && !catalog.workflowTypes().includes(String(type.value))) {
    report.error(type, templateFaults.unknownType(String(type.value), catalog.workflowTypes()));
  }
  const defaults = mapUnder(root, 'defaults', report);
  checkDuration(defaults, 'timeout', RANGES.timeout, report);
  checkRetry(mapUnder(defaults, 'retry', report), compilation);
}

/** The contract of the inputs; null when it is broken. */
function checkInputs(root: SourceNode, compilation: Compilation): JsonSchema | null {
  const node = child(root, 'inputs');
  if (node === undefined) return root.kind === 'map' ? NO_INPUTS : null;
  if (node.kind !== 'map' || !compilation.report.isSound(node)) return null;
  const schema = inlineContract(node, compilation);
  if (schema === null || schema['type'] === 'object') return schema;
  compilation.report.broken(node, templateFaults.inputsType(), child(node, 'type') ?? headOf(node));
  return null;
}

interface EndParts {
  compilation: Compilation;
  permissions: Permissions;
  drafts: StageDraft[];
}

function checkEnd(
  root: SourceNode,
  names: TemplateNames,
  { compilation, permissions, drafts }: EndParts,
): void {
  const { report } = compilation;
  const outputs = child(root, 'outputs');
  if (outputs !== undefined) checkExpressions(outputs, names, compilation);
  const actions = child(root, 'onComplete');
  for (const action of actions?.kind === 'list' ? actions.items : []) {
    if (action.kind !== 'map') continue;
    checkCondition(child(action, 'if'), 'if', names, report);
    const uses = child(action, 'uses');
    permissions.need(checkCall(action, names, compilation), uses ?? action, null);
  }
  if (drafts.every((draft) => draft.mode !== null)) permissions.warnUnused();
}
