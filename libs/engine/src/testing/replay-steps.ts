import { STARTER, verbOf } from './replay-decisions.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import type { Found } from './difference.ts';
import type { ManualClock } from './manual-clock.ts';
import type { Engine } from '../execution/engine.ts';
import type { RunView } from '../run/view.ts';
import type { RecordedDecision } from '../template/schema/test-schema.ts';
import type { ReplayCase } from '../template/test-file.ts';
import type { Plan } from '../template/plan.ts';
import type { Instant } from '../vocabulary.ts';

export interface Stage {
  engine: Engine;
  clock: ManualClock;
  plan: Plan;
  workspace: string;
}

export interface Played {
  /** Null when it was refused. */
  run: RunView | null;
  found: Found[];
}

/** Decisions and waits that one test may go through. */
const MOST_STEPS = 1_000;

/** Lets the run go as far as it goes by itself, then decides as recorded, until there is nothing left to do. */
export async function playToTheEnd(stage: Stage, read: ReplayCase): Promise<Played> {
  const { engine, workspace, plan } = stage;
  try {
    const request = { template: plan.name, inputs: read.inputs, title: read.title };
    const { id } = await engine.create(workspace, request, STARTER);
    return await decideInTurn(stage, id, read);
  } catch (error) {
    return { run: null, found: [refusal('inputs', '/inputs', error)] };
  }
}

async function decideInTurn(stage: Stage, id: string, { decisions }: ReplayCase): Promise<Played> {
  const { engine, workspace } = stage;
  let next = 0;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await engine.quiet();
    const run = await engine.get(workspace, id);
    const retry = nextRetry(run);
    if (retry !== null) {
      await waitUntil(stage, retry);
      continue;
    }
    const decision = decisions[next];
    if (decision === undefined) return { run, found: [] };
    try {
      await carryOut(stage, decision, { run, nth: next });
    } catch (error) {
      return { run, found: [refusal(`decisions[${next}]`, `/decisions/${next}`, error, run)] };
    }
    next += 1;
  }
  const message = `still not at its end after ${MOST_STEPS} steps`;
  return { run: await engine.get(workspace, id), found: [{ path: 'state', at: '', message }] };
}

async function carryOut(
  stage: Stage,
  decision: RecordedDecision,
  { run, nth }: { run: RunView; nth: number },
): Promise<void> {
  const { engine, workspace, plan } = stage;
  if (decision.do === 'miss-deadline') return await waitUntil(stage, deadlineOf(run, decision.stage ?? ''));
  await engine.send(workspace, run.id, verbOf(decision, { run, plan, nth }));
}

async function waitUntil({ engine, clock }: Stage, at: Instant): Promise<void> {
  clock.advance(Math.max(1, Date.parse(at) - Date.parse(clock.now())));
  await engine.recover();
}

/** When the next try is due. Deadlines of gates are not waited for: a test decides before they come. */
function nextRetry(run: RunView): Instant | null {
  const times = run.waitingFor.flatMap((wait) =>
    wait.kind === 'timer' && wait.timer.kind !== 'deadline' ? [wait.timer.at] : [],
  );
  return times.sort()[0] ?? null;
}

function deadlineOf(run: RunView, stage: string): Instant {
  for (const wait of run.waitingFor)
    if (wait.kind === 'timer' && wait.timer.kind === 'deadline' && wait.timer.stage === stage)
      return wait.timer.at;
  throw new StagewrightError('STATE_CONFLICT', `No gate of "${stage}" with a deadline waits.`);
}

/** Of a run that failed before, also why: that is what has to be mended. */
function refusal(path: string, at: string, error: unknown, run: RunView | null = null): Found {
  const text = error instanceof StagewrightError ? `${error.code}: ${error.message}` : String(error);
  const failure = run?.error ?? null;
  const why = failure === null ? '' : ` (${failure.code}: ${failure.message})`;
  return { path, at, message: `was refused: ${text}${why}` };
}
