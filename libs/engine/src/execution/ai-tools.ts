import { asJson, cutText } from './bounds.ts';
import { callAction, mayRepeatCall } from './action-call.ts';
import { actionOutcomeUnknown, taskAborted, toolCallsUsedUp } from './execution.errors.ts';
import { StagewrightError, toFailure } from '../errors/stagewright-error.ts';
import { OUTCOME_UNKNOWN } from '../run/index.ts';
import { ProviderError } from '../ports/provider-error.ts';
import { holdOf } from './assignment.ts';
import { digestOf } from '../template/canonical.ts';
import type { AskingStage, Conversation } from './ai-conversation.ts';
import type { ActionRegistry } from './ports.ts';
import type { Try } from './task.ts';
import type { AiMessage, AiTool, AiToolCall } from '../ports/ai-provider.ts';
import type { ToolCallRecord } from '../ports/run-store.ts';
import type { RunReport } from '../run/event.ts';
import type { ToolAnswer, ToolTurn } from '../run/run.ts';
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

/** What one try did with tools so far, with what it took over from an earlier process. */
export interface ToolUse {
  /** Calls in the talk up to now: names the next one, the same whoever makes it. */
  ordinal: number;
  /** Calls that this try wrote down. */
  written: number;
  artifacts: ArtifactRef[];
}

/**
 * Carries out what the model asked for, one call after another, and gives the messages that tell it what came of them. What an
 * earlier process wrote down is told from there; a call that was cut off is made again under its key, or is in doubt when it
 * takes none. A tool that is not listed, or that fails, is told to the model. Throws `BUDGET_EXCEEDED` before the call that is
 * too many, and `ACTION_OUTCOME_UNKNOWN`.
 */
export async function callTools(
  one: Try,
  talk: Conversation,
  turn: ToolTurn,
  use: ToolUse,
): Promise<AiMessage[]> {
  refuseDoubleIds(turn.calls);
  const messages: AiMessage[] = [];
  for (const [index, call] of turn.calls.entries()) {
    const known = turn.answers[index];
    if (known === undefined) {
      if (index < turn.called) refuseInDoubt(one, talk, call);
      else await writeDown(one, talk, { turn, index, use });
    } else {
      one.log.toolCall(recordOf(talk, call, known));
    }
    const answer = known ?? (await callTool(one, talk, call, use.ordinal));
    if (known === undefined) await tell(one, talk, { type: 'tool-answered', answer });
    use.ordinal += 1;
    use.artifacts.push(...answer.artifacts);
    messages.push({ role: 'tool', callId: call.id, content: answer.content, isError: answer.error !== null });
  }
  return messages;
}

/** Nobody knows whether the call that was cut off had its effect. */
function refuseInDoubt(one: Try, { stage }: Conversation, { name, input }: AiToolCall): void {
  const action = listedTool(stage, name);
  if (action !== undefined && !mayRepeatCall(one.desk.ports.actions, action, () => asObject(input)))
    throw actionOutcomeUnknown(action);
}

/** Before the call: so that it counts although the process dies in it, or the try fails and is made again. */
async function writeDown(
  one: Try,
  talk: Conversation,
  { turn, index, use }: { turn: ToolTurn; index: number; use: ToolUse },
): Promise<void> {
  const { task } = talk.assignment;
  const { name } = turn.calls[index]!;
  const limit = Math.min(talk.stage.maxToolCalls, MOST_TOOL_CALLS);
  if (task.work.toolCalls + use.written >= limit) throw toolCallsUsedUp(task.id, limit);
  const tool = listedTool(talk.stage, name) ?? cutText(name, TOOL_NAME_BYTES);
  const { text, calls } = turn;
  await tell(one, talk, {
    type: 'tool-called',
    tool,
    ...(index === 0 ? { turn: { text: cutText(text), calls } } : {}),
  });
  use.written += 1;
}

type ToolReport = Pick<Extract<RunReport, { type: 'tool-called' }>, 'type' | 'tool' | 'turn'>;
type AnswerReport = Pick<Extract<RunReport, { type: 'tool-answered' }>, 'type' | 'answer'>;

async function tell(
  one: Try,
  { assignment }: Conversation,
  report: ToolReport | AnswerReport,
): Promise<void> {
  const { run, task } = assignment;
  one.signal.throwIfAborted();
  if (!(await one.desk.report(run.id, { ...report, ...holdOf(assignment) }))) throw taskAborted(task.id);
  one.signal.throwIfAborted();
}

/** A call of an earlier process, in the record of this try. */
function recordOf({ stage }: Conversation, call: AiToolCall, { content, error }: ToolAnswer): ToolCallRecord {
  const { id, name, input } = call;
  return {
    id,
    action: listedTool(stage, name) ?? name,
    input,
    output: error === null ? content : null,
    error,
  };
}

/** Compares names: what a model made up is never a key of anything. */
function listedTool(stage: AskingStage, name: string): string | undefined {
  return stage.tools.find((id) => toolName(id) === name);
}

async function callTool(
  one: Try,
  talk: Conversation,
  call: AiToolCall,
  ordinal: number,
): Promise<ToolAnswer> {
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
    one.log.toolCall({ ...record, output: result.output, error: null });
    const content = cutText(JSON.stringify(result.output), TOOL_OUTPUT_BYTES);
    return { content, error: null, artifacts: result.artifacts };
  } catch (error) {
    if (one.signal.aborted) throw error;
    const failure = toFailure(error);
    one.log.toolCall({ ...record, output: null, error: failure });
    // The model would only call it again. It is a person who has to look.
    if (failure.code === OUTCOME_UNKNOWN) throw error;
    return { content: toldOf(failure), error: failure, artifacts: [] };
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
