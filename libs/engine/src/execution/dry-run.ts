import { ask } from './ai-task.ts';
import { lockedModels } from './ai-models.ts';
import { assignmentOf, holdOf } from './assignment.ts';
import { inputsOfLoop } from './cli-loop/cli-loop-task.ts';
import { digestOfCall, digestOfQuestion } from './input-digest.ts';
import { reusable } from './reuse.ts';
import { feedbackFor, taskScope } from './prompt-data.ts';
import { evaluateWith } from './system-task.ts';
import { toFailure } from '../errors/stagewright-error.ts';
import { decide, outstanding } from '../run/index.ts';
import type { TaskAssignment } from './assignment.ts';
import type { EnginePorts } from './ports.ts';
import type { RunEvent, RunVerb } from '../run/event.ts';
import type { RunFact } from '../run/fact.ts';
import type { LastOutput, Run } from '../run/run.ts';
import type { Plan } from '../template/plan.ts';
import type { Actor, Digest, Failure, StageId, TaskId } from '../vocabulary.ts';

export type Judges = Pick<EnginePorts, 'ai' | 'actions' | 'artifacts' | 'isolation' | 'clock'>;

/** How far a run would get after a verb without asking anybody: neither a model, nor an action, nor a person. */
export interface DryRun {
  run: Run;
  /** Stages that the verb begins anew, and why. */
  reset: Map<StageId, 'retry' | 'rerun' | 'upgrade'>;
  /** Tasks that would be made: their inputs are known, and are new. */
  made: Set<TaskId>;
  /** Tasks that would not even begin, such as by an unknown variable in a prompt. */
  broken: Map<TaskId, Failure>;
}

const SYSTEM: Actor = { kind: 'system', id: 'engine' };

/**
 * Plays a verb through on a copy: the same decisions and the same digests as in earnest, and nothing is written. Gates are
 * passed, as what lies behind them follows from the output and not from the approval.
 */
export async function dryRun(
  judges: Judges,
  given: { workspace: string; plan: Plan; run: Run },
  verb: RunVerb,
): Promise<DryRun> {
  const plan = withoutGates(given.plan);
  const play: Play = {
    judges,
    workspace: given.workspace,
    plan,
    run: { ...given.run, budgetUsd: null },
    facts: [],
  };
  decideOn(play, verb);
  if (play.run.state === 'paused') decideOn(play, { type: 'resume', actor: SYSTEM });
  const made = new Set<TaskId>();
  const broken = new Map<TaskId, Failure>();
  for (let ready = tasksAtHand(play); ready.length > 0; ready = tasksAtHand(play)) {
    const news = ready.filter(({ work }) => !made.has(work) && !broken.has(work));
    if (news.length === 0) break;
    for (const assignment of news) await playTask(play, assignment, { made, broken });
  }
  return { run: play.run, reset: resetsOf(play.facts), made, broken };
}

interface Play {
  judges: Judges;
  workspace: string;
  plan: Plan;
  run: Run;
  facts: RunFact[];
}

/** The plan as far as it says what goes in; nothing in it waits, holds back or has an effect. */
function withoutGates(plan: Plan): Plan {
  const stages = plan.stages.map((stage) => ({
    ...stage,
    approval: null,
    advance: 'auto' as const,
    forEach: stage.forEach === null ? null : { ...stage.forEach, concurrency: Infinity },
  }));
  return { ...plan, stages, budget: null, outputs: {}, onComplete: [] };
}

function decideOn(play: Play, event: RunEvent): void {
  const { run, facts } = decide(play.plan, play.run, event, play.judges.clock.now());
  // A budget that the new plan brings would stop the play; what may be spent is not the question here.
  play.run = run.budgetUsd === null ? run : { ...run, budgetUsd: null };
  play.facts.push(...facts);
}

function tasksAtHand(play: Play): TaskAssignment[] {
  const held = { workspace: play.workspace, plan: play.plan, run: play.run };
  return outstanding(play.plan, play.run).flatMap((command) => {
    const found = command.type === 'execute' ? assignmentOf(held, command.task, command.attempt) : null;
    return found?.kind === 'task' ? [found] : [];
  });
}

async function playTask(
  play: Play,
  assignment: TaskAssignment,
  { made, broken }: Pick<DryRun, 'made' | 'broken'>,
): Promise<void> {
  const { id: task } = assignment.task;
  try {
    const last = await keptOutput(play.judges, assignment);
    if (last === null) return void made.add(task);
    const { output, artifacts, inputDigest } = last;
    decideOn(play, {
      type: 'task-succeeded',
      ...holdOf(assignment),
      output,
      artifacts,
      usage: null,
      inputDigest,
      reused: true,
    });
  } catch (error) {
    broken.set(task, toFailure(error));
  }
}

/** What the task would give again; null when it would be made. */
async function keptOutput(judges: Judges, assignment: TaskAssignment): Promise<LastOutput | null> {
  const { stage, task } = assignment;
  if (task.last === null) return null;
  const digest = await digestOfTask(judges, assignment);
  return digest === null ? null : reusable(stage, task, digest);
}

/** Null when remarks are to be taken up. */
async function digestOfTask(judges: Judges, assignment: TaskAssignment): Promise<Digest | null> {
  const { stage, run } = assignment;
  const scope = taskScope(assignment);
  if (stage.mode === 'system')
    return digestOfCall(judges.actions, stage, run, evaluateWith(stage.with, scope));
  if (feedbackFor(assignment) !== null) return null;
  if (stage.mode === 'cli_loop') return (await inputsOfLoop(judges, assignment, stage)).inputDigest;
  if (stage.mode !== 'ai') return null;
  const models = lockedModels(judges.ai, run.lock, stage);
  const question = await ask(judges.isolation, stage, scope, null);
  return digestOfQuestion(judges.actions, stage, { question, models });
}

function resetsOf(facts: RunFact[]): DryRun['reset'] {
  return new Map(
    facts.flatMap((fact) => (fact.type === 'stage.reset' ? [[fact.stage, fact.reason] as const] : [])),
  );
}
