import { StagewrightError } from '../errors/stagewright-error.ts';
import type { ContractViolation } from '../ports/isolation.ts';
import type { Json, JsonObject, RunId, TaskId } from '../vocabulary.ts';

/** What can go wrong while a run is carried out, one factory per situation. */

export function runNotFound(id: RunId): StagewrightError {
  return new StagewrightError('RUN_NOT_FOUND', `There is no run ${JSON.stringify(id)} in this workspace.`, {
    hint: 'List the runs of the workspace to find its id.',
  });
}

export function inputInvalid(violations: ContractViolation[]): StagewrightError {
  const first = violations[0];
  const where = first === undefined || first.path === '' ? 'the inputs' : `"${first.path}"`;
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
  return new StagewrightError(
    'INPUT_INVALID',
    `The inputs do not fit the template: ${where} ${first?.message ?? ''}${more}.`,
    {
      hint: 'Compare the inputs with the schema of the template; details.violations lists every fault.',
      details: { violations: violations as unknown as Json },
    },
  );
}

/** What was asked has not the shape of a request at all. */
export function requestInvalid(message: string): StagewrightError {
  return new StagewrightError('INPUT_INVALID', message, {
    hint: 'See the reference of the API for what each request carries.',
  });
}

export function engineClosed(): StagewrightError {
  return new StagewrightError('ENGINE_CLOSED', 'This process is shutting down and takes nothing new.', {
    retryable: true,
    hint: 'Send the request again when the server is up.',
  });
}

export function storeUnavailable(id: RunId, cause: unknown): StagewrightError {
  return new StagewrightError('STORE_UNAVAILABLE', `The database did not take the change of run ${id}.`, {
    retryable: true,
    hint: 'Look at the run before you try again: the change is all there or not at all.',
    cause,
  });
}

export function runContended(id: RunId): StagewrightError {
  return new StagewrightError('RUN_CONTENDED', `Run ${id} is being changed by others without a pause.`, {
    retryable: true,
    hint: 'Try again in a moment.',
  });
}

export function taskTimeout(task: TaskId, ms: number): StagewrightError {
  return new StagewrightError('TASK_TIMEOUT', `Task ${task} did not end within ${ms} ms.`, {
    retryable: true,
    hint: 'Raise the timeout of the stage (at most 5m), or make the task smaller.',
  });
}

export function taskAborted(task: TaskId): StagewrightError {
  return new StagewrightError('TASK_ABORTED', `Task ${task} was called off.`, { retryable: true });
}

export function actionInputInvalid(action: string, violations: ContractViolation[]): StagewrightError {
  return new StagewrightError(
    'ACTION_INPUT_INVALID',
    `The input of ${action} breaks its contract: ${listed(violations)}.`,
    {
      hint: `Mend \`with\` of the stage that uses ${action}.`,
      details: { violations: violations as unknown as Json },
    },
  );
}

export function actionOutputInvalid(action: string, violations: ContractViolation[]): StagewrightError {
  return new StagewrightError(
    'ACTION_OUTPUT_INVALID',
    `${action} gave back what its contract forbids: ${listed(violations)}.`,
    {
      hint: 'This is a fault of the plugin: report it to its author.',
      details: { violations: violations as unknown as Json },
    },
  );
}

export function permissionMissing(action: string, scopes: string[]): StagewrightError {
  return new StagewrightError(
    'PERMISSION_MISSING',
    `${action} needs ${scopes.join(', ')}, which the template does not grant.`,
    {
      hint: 'Add the scope to `permissions` of the template (and of the stage, if it names its own).',
    },
  );
}

export function actionUnknown(action: string): StagewrightError {
  return new StagewrightError('ACTION_UNKNOWN', `No plugin offers the action ${JSON.stringify(action)}.`, {
    hint: 'Install the plugin, or correct the name.',
  });
}

export function actionOutcomeUnknown(action: string): StagewrightError {
  return new StagewrightError(
    'ACTION_OUTCOME_UNKNOWN',
    `${action} was interrupted, and cannot tell whether it had its effect. It is not repeated by itself.`,
    { hint: 'Look at the receiver whether the effect is there, and say so: `stagewright resolve RUN`.' },
  );
}

export function assetUnknown(plugin: string, name: string): StagewrightError {
  return new StagewrightError('ASSET_UNKNOWN', `Plugin ${plugin} declares no asset ${JSON.stringify(name)}.`);
}

export function artifactNameTaken(name: string): StagewrightError {
  return new StagewrightError(
    'ARTIFACT_NAME_TAKEN',
    `This attempt has written an artifact named ${JSON.stringify(name)} already.`,
    {
      hint: 'Give every file of an attempt its own name.',
    },
  );
}

export function providerGone(alias: string, provider: string): StagewrightError {
  return new StagewrightError(
    'PROVIDER_NOT_CONFIGURED',
    `The run was started with provider ${provider} for model alias "${alias}", and that provider is not configured now.`,
    { hint: 'Configure the provider again, or upgrade the run so that it takes the present models.' },
  );
}

export function modelsNotLocked(stage: string): StagewrightError {
  return new StagewrightError(
    'PROVIDER_NOT_CONFIGURED',
    `The run's lock names no model for stage "${stage}".`,
    {
      hint: 'Upgrade the run, so that its models are chosen again.',
    },
  );
}

export function toolCallsUsedUp(task: TaskId, limit: number): StagewrightError {
  return new StagewrightError(
    'BUDGET_EXCEEDED',
    `The model asked for more than ${limit} tool calls in ${task}.`,
    {
      hint: 'Raise maxToolCalls of the stage (at most 100), or ask for less in the prompt.',
    },
  );
}

export function agentTimeUsedUp(task: TaskId, ms: number): StagewrightError {
  return new StagewrightError(
    'BUDGET_EXCEEDED',
    `Task ${task} was worked on for ${ms} ms, the most for a stage with tools.`,
    {
      hint: 'Ask for less in the prompt, or split the stage.',
    },
  );
}

export function outputTruncated(task: TaskId, raw: string): StagewrightError {
  return new StagewrightError(
    'OUTPUT_TRUNCATED',
    `The model stopped at its token limit before the answer of ${task} was whole.`,
    {
      hint: 'Raise maxTokens of the stage, or ask for less at once.',
      details: { raw },
    },
  );
}

export function providerRefused(task: TaskId, raw: string): StagewrightError {
  return new StagewrightError('PROVIDER_REFUSED', `The model refused to answer ${task}.`, {
    hint: 'Read the refusal in the attempt, and change the prompt or the inputs.',
    details: { raw },
  });
}

export function outputInvalid(task: TaskId, faults: string[], details: JsonObject): StagewrightError {
  const shown = faults.slice(0, 5).join('; ');
  return new StagewrightError(
    'OUTPUT_INVALID',
    `The answer for ${task} breaks its contract, also after a repair round: ${shown}.`,
    {
      hint: 'Read the raw text in the attempt; make the prompt say what the contract asks, or loosen the contract.',
      details,
    },
  );
}

function listed(violations: ContractViolation[]): string {
  return violations
    .slice(0, 10)
    .map((violation) => `${violation.path === '' ? 'the value' : violation.path} ${violation.message}`)
    .join('; ');
}
