import { inputInvalid } from './execution.errors.ts';
import { valueFault } from './json-limits.ts';
import { validateTrusted } from '../contract/index.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import { resolveInputs } from '../template/resolve-inputs.ts';
import type { EnginePorts } from './ports.ts';
import { stageIdOf } from '../run/run-parts.ts';
import type { Plan } from '../template/plan.ts';
import type { Json, JsonObject, JsonSchema, TaskId } from '../vocabulary.ts';

/** UTF-8 bytes of a run's inputs, or of one form. Files go through artifacts. */
const INPUT_BYTES = 1024 * 1024;
const INPUT_DEPTH = 32;

type Judges = Pick<EnginePorts, 'isolation' | 'artifacts'>;

/** The inputs with their defaults, when they fit. Throws `INPUT_INVALID` with every violation in its details. */
export async function checkInputs(
  judges: Judges,
  workspace: string,
  schema: JsonSchema,
  given: JsonObject,
): Promise<JsonObject> {
  if (!isObject(given)) throw inputInvalid([{ path: '', keyword: 'type', message: 'must be a mapping' }]);
  refuseExcess(given);
  const inputs = resolveInputs(schema, given);
  await checkAgainst(judges, workspace, schema, inputs);
  return inputs;
}

/** Throws `INPUT_INVALID` unless what a person filled in satisfies the form. */
export async function checkForm(
  judges: Judges,
  workspace: string,
  schema: JsonSchema,
  given: Json,
): Promise<void> {
  refuseExcess(given);
  await checkAgainst(judges, workspace, schema, given);
}

/**
 * What a person says that a task gave must satisfy the contract that its action has, as if the action had said it. Throws
 * `INPUT_INVALID`.
 */
export function checkOutcome(
  { actions }: Pick<EnginePorts, 'actions'>,
  plan: Plan,
  { task, output = null }: { task: TaskId; output?: Json },
): void {
  refuseExcess(output);
  const stage = plan.stages.find(({ id }) => id === stageIdOf(task));
  // An unknown task is refused by the run itself.
  if (stage === undefined) return;
  const contract = stage.mode === 'system' ? actions.action(stage.uses)?.output : stage.output;
  const violations = validateTrusted(contract ?? {}, output);
  if (violations.length > 0) throw inputInvalid(violations);
}

function refuseExcess(given: Json): void {
  const fault = valueFault(given, { bytes: INPUT_BYTES, depth: INPUT_DEPTH });
  if (fault !== null) throw inputInvalid([{ path: '', keyword: 'limit', message: fault }]);
}

async function checkAgainst(
  judges: Judges,
  workspace: string,
  schema: JsonSchema,
  value: Json,
): Promise<void> {
  const violations = await judges.isolation.validate(schema, value);
  for (const { path, id } of artifactIds(schema, value, '')) {
    const fault = await artifactFault(judges, workspace, id);
    if (fault !== null) violations.push({ path, keyword: 'format', message: fault });
  }
  if (violations.length > 0) throw inputInvalid(violations);
}

async function artifactFault({ artifacts }: Judges, workspace: string, id: string): Promise<string | null> {
  try {
    await artifacts.get(workspace, id);
    return null;
  } catch (error) {
    if (error instanceof StagewrightError && error.code === 'ARTIFACT_NOT_FOUND') {
      return `must be the id of an uploaded file: there is no artifact ${JSON.stringify(id)} in this workspace`;
    }
    throw error;
  }
}

/** Every text of the value that its schema declares to be an artifact. */
function artifactIds(
  schema: Json | undefined,
  value: Json | undefined,
  path: string,
): Array<{ path: string; id: string }> {
  if (!isObject(schema) || value === undefined) return [];
  if (typeof value === 'string') return schema['format'] === 'artifact' ? [{ path, id: value }] : [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => artifactIds(schema['items'], item, `${path}/${index}`));
  }
  const properties = schema['properties'];
  if (!isObject(value) || !isObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, property]) =>
    Object.hasOwn(value, name) ? artifactIds(property, value[name], `${path}/${pointerPart(name)}`) : [],
  );
}

function pointerPart(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
