import { createEngine } from '../execution/engine.ts';
import { InProcessStageQueue } from '../execution/in-process-stage-queue.ts';
import { SoleWorker } from '../execution/sole-worker.ts';
import { CountedIds } from './counted-ids.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryRunStore } from './memory-run-store.ts';
import { StandInArtifacts } from './stand-in-artifacts.ts';
import { plansOf } from './plan-of.ts';
import { RecordedAnswers, recordedActions, recordedRouter, withRecordedModels } from './replay-answers.ts';
import { recordedCommands } from './replay-commands.ts';
import { verbOf } from './replay-decisions.ts';
import { differencesOf } from './replay-expectations.ts';
import { readCase } from '../template/test-file.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import type { Difference } from './replay-expectations.ts';
import type { ReplayCase } from '../template/test-file.ts';
import type { Engine } from '../execution/engine.ts';
import type { Finding } from '../errors/finding.ts';
import type { Isolation } from '../ports/isolation.ts';
import type { RunView } from '../run/view.ts';
import type { ActionCatalog } from '../template/catalog.ts';
import type { Plan } from '../template/plan.ts';

export interface ReplayOptions {
  /** The compiled template. */
  plan: Plan;
  catalog: ActionCatalog;
  isolation: Isolation;
  /** Registry path of the test, and its bytes. */
  path: string;
  bytes: Uint8Array;
}

export interface ReplayResult {
  path: string;
  title: string;
  passed: boolean;
  /** What is wrong with the file itself; then nothing was run. */
  findings: Finding[];
  /** Where the run was not as expected, in the order of the file. */
  differences: Difference[];
  /** The run as it stood at the end. */
  run: RunView | null;
}

const WORKSPACE = 'test';
/** Decisions and waits that one test may go through. */
const MOST_STEPS = 1_000;

/**
 * Runs one test of a template: the real engine on in-memory ports, with recorded answers and decisions. Needs no network
 * and no key. Models, actions and commands are not called; edits of a loop are carried out; prompts are rendered and contracts are checked. End actions are left out.
 */
export async function replayCase(options: ReplayOptions): Promise<ReplayResult> {
  const { read, findings } = readCase(options.path, options.bytes, options.plan);
  if (read === null)
    return { path: options.path, title: options.path, passed: false, findings, differences: [], run: null };
  const answers = new RecordedAnswers(read.answers);
  const { run, differences } = await play(options, read, answers);
  const all = [...differences, ...(run === null ? [] : differencesOf(read.expect, run, answers))];
  return {
    path: options.path,
    title: read.title,
    passed: all.length === 0,
    findings: [],
    differences: all,
    run,
  };
}

async function play(
  { plan, catalog, isolation }: ReplayOptions,
  read: ReplayCase,
  answers: RecordedAnswers,
): Promise<{ run: RunView | null; differences: Difference[] }> {
  const clock = new ManualClock();
  const replayed = withRecordedModels(plan);
  const engine = createEngine({
    store: new MemoryRunStore(),
    queue: new InProcessStageQueue(),
    artifacts: new StandInArtifacts(),
    plans: plansOf(replayed),
    ai: recordedRouter(answers),
    actions: recordedActions(catalog, answers),
    commands: recordedCommands(answers),
    ids: new CountedIds(),
    workers: new SoleWorker('replay'),
    isolation,
    clock,
  });
  engine.onEntry(({ entry }) => answers.heard(entry.facts));
  try {
    const actor = { kind: 'client', id: 'author' } as const;
    const { id } = await engine.create(
      WORKSPACE,
      { template: plan.name, inputs: read.inputs, title: read.title },
      actor,
    );
    return await decideInTurn({ engine, clock, plan: replayed }, id, read);
  } catch (error) {
    return { run: null, differences: [refusal('inputs', error)] };
  } finally {
    await engine.close(0);
  }
}

interface Stage {
  engine: Engine;
  clock: ManualClock;
  plan: Plan;
}

/** Lets the run go as far as it goes by itself, then decides as recorded, until there is nothing left to do. */
async function decideInTurn(
  { engine, clock, plan }: Stage,
  id: string,
  { decisions }: ReplayCase,
): Promise<{ run: RunView; differences: Difference[] }> {
  let next = 0;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await engine.quiet();
    const run = await engine.get(WORKSPACE, id);
    const decision = decisions[next];
    const retry = nextRetry(run);
    if (retry !== null) {
      clock.advance(Math.max(1, Date.parse(retry) - Date.parse(clock.now())));
      await engine.recover();
      continue;
    }
    if (decision === undefined) return { run, differences: [] };
    try {
      await engine.send(WORKSPACE, id, verbOf(decision, { run, plan, nth: next }));
    } catch (error) {
      return { run, differences: [refusal(`decisions[${next}]`, error)] };
    }
    next += 1;
  }
  const message = `still not at its end after ${MOST_STEPS} steps`;
  return { run: await engine.get(WORKSPACE, id), differences: [{ path: 'state', message }] };
}

/** When the next try is due. Deadlines of gates are not waited for: a test decides before they come. */
function nextRetry(run: RunView): string | null {
  const times = run.waitingFor.flatMap((wait) =>
    wait.kind === 'timer' && wait.timer.kind !== 'deadline' ? [wait.timer.at] : [],
  );
  return times.sort()[0] ?? null;
}

function refusal(path: string, error: unknown): Difference {
  const text = error instanceof StagewrightError ? `${error.code}: ${error.message}` : String(error);
  return { path, message: `was refused: ${text}` };
}
