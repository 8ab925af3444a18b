import { askedEndActions } from './asked-end-actions.ts';
import { createEngine } from '../execution/engine.ts';
import { InProcessStageQueue } from '../execution/in-process-stage-queue.ts';
import { SoleWorker } from '../execution/sole-worker.ts';
import { CountedIds } from './counted-ids.ts';
import { reachedIn } from './coverage-points.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryRunStore } from './memory-run-store.ts';
import { StandInArtifacts } from './stand-in-artifacts.ts';
import { plansOf } from './plan-of.ts';
import { RecordedAnswers, recordedActions, recordedRouter, withRecordedModels } from './replay-answers.ts';
import { recordedCommands } from './replay-commands.ts';
import { playToTheEnd } from './replay-steps.ts';
import { differencesOf } from './replay-expectations.ts';
import { replay } from '../run/index.ts';
import { nodeAt } from '../template/source/source-node.ts';
import { readCase } from '../template/test-file.ts';
import type { CoveragePoint } from './coverage-points.ts';
import type { Difference, Found } from './difference.ts';
import type { Played } from './replay-steps.ts';
import type { SourceNode } from '../template/source/source-node.ts';
import type { ReplayCase } from '../template/test-file.ts';
import type { Finding } from '../errors/finding.ts';
import type { Isolation } from '../ports/isolation.ts';
import type { JournalEntry } from '../run/fact.ts';
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
  /** Where the run was not as expected, in the order of the format. */
  differences: Difference[];
  /** What of the template the run reached. */
  reached: CoveragePoint[];
  /** The run as it stood at the end. */
  run: RunView | null;
}

const WORKSPACE = 'test';

/**
 * Runs one test of a template: the real engine on in-memory ports, with recorded answers and decisions. Needs no network
 * and no key. Models, actions and commands are not called; edits of a loop are carried out; prompts are rendered and
 * contracts are checked. End actions are worked out and not carried out.
 */
export async function replayCase(options: ReplayOptions): Promise<ReplayResult> {
  const { path } = options;
  const { read, root, findings } = readCase(path, options.bytes, options.plan);
  if (read === null || root === null)
    return { path, title: path, passed: false, findings, differences: [], reached: [], run: null };
  const { run, found, reached } = await play(options, read);
  return {
    path,
    title: read.title,
    passed: found.length === 0,
    findings: [],
    differences: found.map((one) => placed(one, root)),
    reached,
    run,
  };
}

async function play(
  { plan, catalog, isolation }: ReplayOptions,
  read: ReplayCase,
): Promise<{ run: RunView | null; found: Found[]; reached: CoveragePoint[] }> {
  const answers = new RecordedAnswers(read);
  const store = new MemoryRunStore();
  const { run, found } = await playOn({ plan, catalog, isolation, store, answers }, read);
  if (run === null) return { run, found, reached: [] };
  const entries: JournalEntry[] = (await store.load(run.id))?.entries ?? [];
  const endActions = askedEndActions(plan, replay(run.id, entries), catalog);
  const outcome = { run, answers, endActions, isolation };
  return {
    run,
    found: [...found, ...(await differencesOf(read.expect, outcome))],
    reached: reachedIn(entries, { plan, answers, endActions: run.state === 'done' ? endActions : null }),
  };
}

interface Stage extends Pick<ReplayOptions, 'plan' | 'catalog' | 'isolation'> {
  store: MemoryRunStore;
  answers: RecordedAnswers;
}

async function playOn(
  { plan, catalog, isolation, store, answers }: Stage,
  read: ReplayCase,
): Promise<Played> {
  const clock = new ManualClock();
  const replayed = withRecordedModels(plan);
  const engine = createEngine({
    store,
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
    return await playToTheEnd({ engine, clock, plan: replayed, workspace: WORKSPACE }, read);
  } finally {
    await engine.close(0);
  }
}

/** Whatever stands where the file says nothing is placed at what is nearest above it. */
function placed(found: Found, root: SourceNode): Difference {
  const node = nodeAt(root, found.at);
  return { ...found, ...node.source.position(node.start) };
}
