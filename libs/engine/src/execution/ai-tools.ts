import { asJson, cutText } from './bounds.ts';
import { callAction } from './action-call.ts';
import { taskAborted, toolCallsUsedUp } from './execution.errors.ts';
import { StagewrightError, toFailure } from '../errors/stagewright-error.ts';
import { ProviderError } from '../ports/provider-error.ts';
import { holdOf } from './assignment.ts';
import { digestOf } from '../template/canonical.ts';
import type { AskingStage, Conversation } from './ai-conversation.ts';
import type { ActionRegistry } from './ports.ts';
import type { Try } from './task.ts';
import type { AiMessage, AiTool, AiToolCall } from '../ports/ai-provider.ts';
import type { ArtifactRef, Failure, Json, JsonObject } from '../vocabulary.ts';

/** Ceiling over every template: `maxToolCalls` may only be lower. */
const MOST_TOOL_CALLS = 100;
/** What a model is shown of a tool's output, in UTF-8 bytes. */
const TOOL_OUTPUT_BYTES = 64 * 1024;
/** What is kept of the name of a tool that a model made up, in UTF-8 bytes. */
const TOOL_NAME_BYTES = 256;

/** The stage's tools, as a service is told of them. */
export function toolsOf(actions: ActionRegistry, stage: AskingStage): AiTool[] {
  return stage.tools.flatMap((id) => {
    const facts = actions.action(id);
    return facts === undefined
      ? []
      : [{ name: toolName(id), description: facts.description, input: facts.input }];
  });
}

export function toolName(action: string): string {
  return action.replaceAll('/', '__');
}

/**
 * Carries out what the model asked for, one call after another, and gives the messages that tell it what came of them. A
 * tool that is not listed, or that fails, is told to the model. Throws `BUDGET_EXCEEDED` before the call that is too many.
 */
export async function callTools(
  one: Try,
  talk: Conversation,
  calls: AiToolCall[],
  artifacts: ArtifactRef[],
): Promise<AiMessage[]> {
  refuseDoubleIds(calls);
  const { task } = talk.assignment;
  const limit = Math.min(talk.stage.maxToolCalls, MOST_TOOL_CALLS);
  const messages: AiMessage[] = [];
  for (const call of calls) {
    const ordinal = one.log.now().toolCalls.length;
    if (task.work.toolCalls + ordinal >= limit) throw toolCallsUsedUp(task.id, limit);
    await writeDown(one, talk, call);
    messages.push(await callTool(one, talk, call, { ordinal, artifacts }));
  }
  return messages;
}

/** Before the call: so that it counts although the process dies in it, or the try fails and is made again. */
async function writeDown(one: Try, { assignment, stage }: Conversation, { name }: AiToolCall): Promise<void> {
  const { run, task } = assignment;
  const tool = listedTool(stage, name) ?? cutText(name, TOOL_NAME_BYTES);
  const report = { type: 'tool-called', ...holdOf(assignment), tool } as const;
  one.signal.throwIfAborted();
  if (!(await one.desk.report(run.id, report))) throw taskAborted(task.id);
  one.signal.throwIfAborted();
}

/** Compares names: what a model made up is never a key of anything. */
function listedTool(stage: AskingStage, name: string): string | undefined {
  return stage.tools.find((id) => toolName(id) === name);
}

async function callTool(
  one: Try,
  talk: Conversation,
  call: AiToolCall,
  { ordinal, artifacts }: { ordinal: number; artifacts: ArtifactRef[] },
): Promise<AiMessage> {
  const action = listedTool(talk.stage, call.name);
  const record = { id: call.id, action: action ?? call.name, input: call.input };
  try {
    if (action === undefined) throw notAllowed(call.name, talk.stage.tools);
    const { stage, assignment } = talk;
    const result = await callAction(one, {
      assignment,
      stage: stage.id,
      task: assignment.task.id,
      granted: stage.permissions,
      action,
      input: asObject(call.input),
      key: () => digestOf([one.idempotencyKey(), 'tool', ordinal, action, call.input]),
    });
    artifacts.push(...result.artifacts);
    one.log.toolCall({ ...record, output: result.output, error: null });
    return {
      role: 'tool',
      callId: call.id,
      content: cutText(JSON.stringify(result.output), TOOL_OUTPUT_BYTES),
      isError: false,
    };
  } catch (error) {
    if (one.signal.aborted) throw error;
    const failure = toFailure(error);
    one.log.toolCall({ ...record, output: null, error: failure });
    return { role: 'tool', callId: call.id, content: toldOf(failure), isError: true };
  }
}

function toldOf({ code, message, details }: Failure): string {
  const violations = details?.['violations'];
  return JSON.stringify({
    error: code,
    message,
    ...(violations === undefined ? {} : { violations }),
  } satisfies JsonObject);
}

function notAllowed(name: string, tools: string[]): StagewrightError {
  const listed = tools.length === 0 ? 'none' : tools.map(toolName).join(', ');
  return new StagewrightError(
    'TOOL_NOT_ALLOWED',
    `There is no tool ${JSON.stringify(name)} here. Tools: ${listed}.`,
  );
}

/** Which answer belongs to which call would be anybody's guess. */
function refuseDoubleIds(calls: AiToolCall[]): void {
  if (new Set(calls.map((call) => call.id)).size === calls.length) return;
  throw new ProviderError('PROVIDER_PROTOCOL', 'The model gave two tool calls the same id.', {
    retryable: true,
  });
}

function asObject(input: Json): JsonObject {
  const value = asJson(input);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { input: value };
}
