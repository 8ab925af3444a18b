import { schemaAt, validateTrusted } from '../../contract/index.ts';
import { jsonTypesOf } from '../../expression/index.ts';
import type { Names } from '../../expression/index.ts';
import type { Json, JsonSchema } from '../../vocabulary.ts';
import type { ContractViolation } from '../../ports/isolation.ts';
import type { ActionFacts } from '../catalog.ts';
import { CORE_ACTIONS } from '../core-actions.ts';
import { child, headOf, nodeAt, pointerSegments } from '../source/source-node.ts';
import type { MapNode, Place, ScalarNode, SourceNode } from '../source/source-node.ts';
import { checkText, hasExpression, typeWords } from './check-text.ts';
import type { Compilation } from './compilation.ts';
import { textUnder } from './draft.ts';
import { propertiesOf } from './names.ts';
import { templateFaults } from './template.errors.ts';

/** The action that a text names; null, and a finding, when there is none. Core actions are known to every catalog. */
export function actionOf(node: ScalarNode, compilation: Compilation): ActionFacts | null {
  const id = String(node.value);
  const action = CORE_ACTIONS.find((core) => core.id === id) ?? compilation.catalog.action(id);
  if (action !== undefined) return action;
  const known = [...compilation.catalog.actions(), ...CORE_ACTIONS].map((other) => other.id);
  compilation.report.broken(node, templateFaults.unknownAction(id, [...new Set(known)]));
  return null;
}

/** Checks `uses` and `with` of a stage or an end action. */
export function checkCall(owner: MapNode, names: Names, compilation: Compilation): ActionFacts | null {
  const { report } = compilation;
  const uses = textUnder(owner, 'uses', report);
  const given = child(owner, 'with');
  const action = uses === undefined ? null : actionOf(uses, compilation);
  if (uses === undefined || action === null) {
    if (given !== undefined) checkExpressions(given, names, compilation);
    return null;
  }
  const entry = owner.entries.get('with');
  checkWith({ action, place: entry?.key ?? uses, names, compilation }, given);
  return action;
}

/** Checks every expression in a value, whatever it is for. */
export function checkExpressions(node: SourceNode, names: Names, compilation: Compilation): void {
  if (node.kind === 'scalar') {
    if (typeof node.value === 'string' && compilation.report.isSound(node))
      checkText(node, names, compilation.report);
    return;
  }
  const children = node.kind === 'list' ? node.items : [...node.entries.values()].map((entry) => entry.node);
  for (const item of children) checkExpressions(item, names, compilation);
}

interface Call {
  action: ActionFacts;
  /** Where to point when something is missing. */
  place: Place;
  names: Names;
  compilation: Compilation;
}

function checkWith(call: Call, given: SourceNode | undefined): void {
  if (given !== undefined && given.kind !== 'map') return;
  checkMap(call, given, { schema: call.action.input, path: '' });
}

interface Expected {
  schema: JsonSchema | null;
  /** Path in `with`, for messages. */
  path: string;
}

function checkMap(call: Call, given: MapNode | undefined, { schema, path }: Expected): void {
  const { report } = call.compilation;
  const known = propertiesOf(schema);
  const required = Array.isArray(schema?.['required']) ? schema['required'].map(String) : [];
  for (const key of required.filter((name) => given?.entries.has(name) !== true)) {
    const place = path === '' || given === undefined ? call.place : headOf(given);
    report.error(place, templateFaults.withMissing(joined(path, key), call.action.id));
  }
  for (const [key, entry] of given?.entries ?? []) {
    if (
      schema?.['additionalProperties'] === false &&
      !known.includes(key) &&
      schema['patternProperties'] === undefined
    ) {
      report.error(entry.key, templateFaults.withUnknown(joined(path, key), call.action.id, known));
      continue;
    }
    const below = schema === null ? null : schemaAt(schema, [key]);
    checkValue(call, entry.node, { schema: below, path: joined(path, key) });
  }
}

function checkValue(call: Call, node: SourceNode, expected: Expected): void {
  if (!call.compilation.report.isSound(node)) return;
  if (!hasExpression(node)) {
    checkLiteral(call, node, expected);
  } else if (node.kind === 'scalar') {
    checkResult(call, node, expected);
  } else if (!allows(expected.schema, [node.kind === 'list' ? 'array' : 'object'])) {
    reportType(call, node, { ...expected, type: node.kind === 'list' ? 'a list' : 'a mapping' });
  } else if (node.kind === 'map') {
    checkMap(call, node, expected);
  } else {
    const items = expected.schema === null ? null : schemaAt(expected.schema, ['[]']);
    node.items.forEach((item, index) =>
      checkValue(call, item, { schema: items, path: `${expected.path}[${index}]` }),
    );
  }
}

/** A value without expressions is checked as a whole, and each violation is reported where it is. */
function checkLiteral(call: Call, node: SourceNode, { schema, path }: Expected): void {
  if (schema === null) return;
  for (const violation of validateTrusted(schema, node.value)) {
    const at = placeOf(node, violation);
    const where = joined(path, violation.path.slice(1).replaceAll('/', '.'));
    const message = `"${where}" does not satisfy the contract of "${call.action.id}": ${violation.message.replace(/[.]$/, '')}.`;
    call.compilation.report.error(at, templateFaults.withInvalid(message));
  }
}

/** What a contract does not know stands at its key, any other violation at the value. */
function placeOf(node: SourceNode, violation: ContractViolation): Place {
  const owner = nodeAt(node, violation.path.slice(0, Math.max(0, violation.path.lastIndexOf('/'))));
  const key =
    owner.kind === 'map' ? owner.entries.get(pointerSegments(violation.path).at(-1) ?? '')?.key : undefined;
  return violation.keyword === 'additionalProperties' && key !== undefined
    ? key
    : nodeAt(node, violation.path);
}

function checkResult(call: Call, node: ScalarNode, expected: Expected): void {
  const type = checkText(node, call.names, call.compilation.report);
  const possible = type === null ? null : jsonTypesOf(type);
  if (type === null || possible === null || allows(expected.schema, possible)) return;
  reportType(call, node, { ...expected, type: typeWords(type) });
}

function reportType(call: Call, node: SourceNode, found: Expected & { type: string }): void {
  const wanted = typesOf(found.schema).join(' or ');
  call.compilation.report.error(
    node,
    templateFaults.withInvalid(
      `"${found.path}" of "${call.action.id}" must be of type ${wanted}, but this gives ${found.type}.`,
    ),
  );
}

/** Whether a schema lets one of these JSON types through, as far as its `type` says. */
function allows(schema: JsonSchema | null, types: string[]): boolean {
  const allowed = typesOf(schema);
  return allowed.length === 0 || allowed.some((type) => types.includes(type));
}

function typesOf(schema: JsonSchema | null): string[] {
  const type: Json | undefined = schema?.['type'];
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? type.map(String) : [];
}

function joined(path: string, key: string): string {
  if (key === '') return path;
  return path === '' ? key : `${path}.${key}`;
}
