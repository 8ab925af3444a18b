import { asJson } from './bounds.ts';
import {
  actionInputInvalid,
  actionOutcomeUnknown,
  actionOutputInvalid,
  actionUnknown,
  artifactNameTaken,
  permissionMissing,
} from './execution.errors.ts';
import { validateTrusted } from '../contract/index.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import { digestOf } from '../template/canonical.ts';
import { CALL_TOOL } from '../template/core-actions.ts';
import { resolveInputs } from '../template/resolve-inputs.ts';
import type { Assignment } from './assignment.ts';
import type { CallingContext } from './core-actions.ts';
import type { ActionRegistry } from './ports.ts';
import type { Try } from './task.ts';
import type { ActionFacts } from '../template/catalog.ts';
import type { ActionArtifacts } from '../ports/action-context.ts';
import type { ArtifactRef, Digest, Json, JsonObject, StageId, TaskId } from '../vocabulary.ts';

/** One call of an action, whoever makes it: a stage, a model or an end action. */
export interface ActionCall {
  assignment: Assignment;
  stage: StageId;
  task: TaskId;
  /** Scopes that the caller holds. */
  granted: string[];
  action: string;
  input: JsonObject;
  /** Stable over repetitions of this very call. Made when it is asked for: most actions have no use for it. */
  key: () => Digest;
}

export interface ActionResult {
  output: Json;
  /** Every file that the action wrote. */
  artifacts: ArtifactRef[];
}

/**
 * Checks scopes and input, calls the handler and checks what it gives back. Throws `ACTION_UNKNOWN`,
 * `PERMISSION_MISSING`, `ACTION_INPUT_INVALID`, `ACTION_OUTPUT_INVALID`, or what the handler throws.
 */
export async function callAction(one: Try, call: ActionCall): Promise<ActionResult> {
  const { actions } = one.desk.ports;
  const facts = actions.action(call.action);
  if (facts === undefined) throw actionUnknown(call.action);
  const missing = facts.scopes.filter((scope) => !call.granted.includes(scope));
  if (missing.length > 0) throw permissionMissing(call.action, missing);
  const input = resolveInputs(facts.input, call.input);
  const faults = validateTrusted(facts.input, input);
  if (faults.length > 0) throw actionInputInvalid(call.action, faults);
  const artifacts: ArtifactRef[] = [];
  const output = await runHandler(one, call, facts, { input, artifacts });
  const broken = validateTrusted(facts.output, output);
  if (broken.length > 0) throw actionOutputInvalid(call.action, broken);
  return { output, artifacts };
}

/** An action that cannot be told from its repetition is not repeated after it was cut off: a person has to look. */
export function mayRepeat(actions: ActionRegistry, action: string): boolean {
  return actions.action(action)?.idempotency !== 'none';
}

/** The same of a call with its input, which is only made when it matters: what `tool/call` is told to call decides. */
export function mayRepeatCall(actions: ActionRegistry, action: string, input: () => JsonObject): boolean {
  if (action !== CALL_TOOL.id) return mayRepeat(actions, action);
  const called = input()['action'];
  return typeof called !== 'string' || mayRepeat(actions, called);
}

async function runHandler(
  one: Try,
  call: ActionCall,
  facts: ActionFacts,
  { input, artifacts }: { input: JsonObject; artifacts: ArtifactRef[] },
): Promise<Json> {
  try {
    const context = contextOf(one, call, facts, artifacts);
    return asJson(await one.desk.ports.actions.run(call.action, input, context));
  } catch (error) {
    // An action that cannot be told from its repetition is repeated only when it says itself that it had no effect.
    if (!mayRepeat(one.desk.ports.actions, facts.id) && !(error instanceof StagewrightError))
      throw actionOutcomeUnknown(call.action);
    throw error;
  }
}

function contextOf(one: Try, call: ActionCall, facts: ActionFacts, artifacts: ArtifactRef[]): CallingContext {
  const { desk } = one;
  const { ports } = desk;
  const { run, workspace, attempt } = call.assignment;
  const { egress } = ports;
  const { revision } = run.lock;
  return {
    run: {
      id: run.id,
      title: run.title,
      template: revision.template,
      version: revision.version,
      revision: revision.commit,
    },
    stage: call.stage,
    task: call.task,
    attempt,
    get idempotencyKey() {
      return call.key();
    },
    sourceDate: run.createdAt,
    placeholder: run.lock.placeholder,
    signal: one.signal,
    artifacts: artifactsOf(one, call, artifacts),
    asset: (name) => ports.actions.asset(ownerOf(call.action), name),
    log: (level, message, data) => {
      const tail = data === undefined ? '' : ` ${JSON.stringify(data)}`;
      one.log.line(ports.clock.now(), level, `${message}${tail}`);
    },
    ...(facts.scopes.includes('runs:start')
      ? {
          startRun: (template: string, inputs: JsonObject) =>
            desk.startRun(workspace, call.key(), template, inputs),
        }
      : {}),
    ...(egress !== undefined && facts.scopes.some((scope) => scope.startsWith('http:'))
      ? { fetch: (request) => egress({ ...request, signal: request.signal ?? one.signal }) }
      : {}),
    ...(call.action === CALL_TOOL.id ? { callAction: nestedCall(one, call, artifacts) } : {}),
  };
}

/** `tool/call` reaches any action but itself, with no more rights than the stage has. */
function nestedCall(one: Try, outer: ActionCall, artifacts: ArtifactRef[]) {
  return async (action: string, input: JsonObject): Promise<Json> => {
    if (action === CALL_TOOL.id) throw actionUnknown(action);
    const key = () => digestOf([outer.key(), action]);
    const result = await callAction(one, { ...outer, action, input, key });
    artifacts.push(...result.artifacts);
    return result.output;
  };
}

function artifactsOf(one: Try, call: ActionCall, written: ArtifactRef[]): ActionArtifacts {
  const { artifacts: store } = one.desk.ports;
  const { run, workspace, attempt } = call.assignment;
  const names = new Set<string>();
  return {
    read: (id) => store.get(workspace, id),
    write: async (file) => {
      if (names.has(file.name)) throw artifactNameTaken(file.name);
      names.add(file.name);
      const origin = {
        workspace,
        run: { id: run.id, stage: call.stage, task: call.task, attempt },
        metadata: { template: run.lock.revision.template, placeholder: run.lock.placeholder },
      };
      const ref = await store.put(file, origin);
      written.push(ref);
      return ref;
    },
  };
}

function ownerOf(action: string): string {
  return action.split('/')[0] ?? action;
}
