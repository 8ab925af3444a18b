import { AttemptLog } from './attempt-record.ts';
import { answerAi } from './ai-task.ts';
import { runCliLoop } from './cli-loop/cli-loop-task.ts';
import { mayRepeatTask, runSystemTask } from './system-task.ts';
import { actionOutcomeUnknown, agentTimeUsedUp, taskTimeout } from './execution.errors.ts';
import { withinTime } from './within-time.ts';
import { StagewrightError, toFailure } from '../errors/stagewright-error.ts';
import { digestOf } from '../template/canonical.ts';
import { holdOf } from './assignment.ts';
import type { Assignment, TaskAssignment } from './assignment.ts';
import type { EnginePorts } from './ports.ts';
import type { TimeLimit } from './within-time.ts';
import type { UnderWay } from './work-desk.ts';
import type { AttemptRecord } from '../ports/run-store.ts';
import type { RunReport } from '../run/event.ts';
import type { ArtifactRef, Digest, Json, JsonObject, RunId } from '../vocabulary.ts';

const AGENT_TIME_MS = 5 * 60_000;

/** What carrying out a task works with. */
export interface TaskDesk {
  ports: EnginePorts;
  /** Starts another run as the system, once per key. */
  startRun(workspace: string, key: Digest, template: string, inputs: JsonObject): Promise<{ id: RunId }>;
  /** Writes what happens to a task. False when the try is not the run's any more. */
  report(run: RunId, report: RunReport): Promise<boolean>;
}

/** One try at a task or end action, while it goes on. */
export interface Try {
  desk: TaskDesk;
  log: AttemptLog;
  signal: AbortSignal;
  /** Stable over retries and crashes of this task in this round. */
  idempotencyKey: () => Digest;
}

/** What a task gave. */
export interface TaskResult {
  output: Json;
  artifacts: ArtifactRef[];
  inputDigest: Digest | null;
  reused: boolean;
}

export interface Done {
  report: RunReport;
  record: AttemptRecord;
}

/** Makes one try at a task and says how it went. Never throws. */
export async function executeTask(
  desk: TaskDesk,
  assignment: TaskAssignment,
  underWay: UnderWay,
): Promise<Done> {
  const { task, stage, stageRun, attempt } = assignment;
  const { clock } = desk.ports;
  const log = new AttemptLog({ stage: stage.id, round: stageRun.round, task: task.id, attempt }, clock.now());
  underWay.record = () => log.now();
  const hold = holdOf(assignment);
  try {
    const limit = limitOf(desk, assignment);
    const result = await withinTime(desk.ports.clock, limit, underWay.abort.signal, (signal) => {
      const one: Try = { desk, log, signal, idempotencyKey: () => keyOf(assignment, stageRun.round) };
      return carryOut(one, assignment);
    });
    const { output, artifacts, inputDigest, reused } = result;
    const report: RunReport = {
      type: 'task-succeeded',
      ...hold,
      output,
      artifacts,
      usage: log.usage,
      inputDigest,
      reused,
    };
    return { report, record: log.succeeded(clock.now()) };
  } catch (cause) {
    const error = toFailure(cause);
    const { usage, inputDigest } = log;
    const report: RunReport = { type: 'task-failed', ...hold, error, usage, inputDigest };
    return { report, record: log.failed(error, clock.now()) };
  }
}

/** Stable over retries and crashes: what a receiver knows a repetition by. */
export function keyOf(assignment: Assignment, round: number): Digest {
  return digestOf([assignment.run.id, assignment.work, round]);
}

/**
 * The time of one try. A stage with tools has five minutes of work for all tries of a round together, whatever its
 * template says: what earlier tries took, also those that were cut off, counts.
 */
function limitOf(desk: TaskDesk, assignment: TaskAssignment): TimeLimit {
  const { task, stage } = assignment;
  const error = () =>
    stage.mode === 'system' && !mayRepeatTask(desk.ports.actions, assignment, stage)
      ? actionOutcomeUnknown(stage.uses)
      : taskTimeout(task.id, stage.timeoutMs);
  const limit = { ms: stage.timeoutMs, error };
  if (stage.mode !== 'ai' || stage.tools.length === 0) return { ...limit, name: task.id };
  const left = Math.max(0, AGENT_TIME_MS - task.work.ms);
  if (left > stage.timeoutMs) return { ...limit, name: task.id };
  return { name: task.id, ms: left, error: () => agentTimeUsedUp(task.id, AGENT_TIME_MS) };
}

function carryOut(one: Try, assignment: TaskAssignment): Promise<TaskResult> {
  const { stage } = assignment;
  switch (stage.mode) {
    case 'ai':
      return answerAi(one, assignment, stage);
    case 'system':
      return runSystemTask(one, assignment, stage);
    case 'cli_loop':
      return runCliLoop(one, assignment, stage);
    case 'manual':
      return Promise.reject(
        new StagewrightError(
          'STATE_CONFLICT',
          `Stage "${stage.id}" waits for a person; there is nothing to carry out.`,
        ),
      );
  }
}
