import { dryRun } from './dry-run.ts';
import { likelyCost, sumOf } from './likely-cost.ts';
import { decide, isSignedOff, paidFor, presentTasks } from '../run/index.ts';
import type { DryRun, Judges } from './dry-run.ts';
import type { RunVerb } from '../run/event.ts';
import type { JournalEntry } from '../run/fact.ts';
import type { Run, StageRun } from '../run/run.ts';
import type { Plan, PlannedStage } from '../template/plan.ts';
import type { Failure, Revision, RunId, StageId, StageMode, TaskId, Usage } from '../vocabulary.ts';

/** The verbs that make things again, as far as a preview needs to know them. */
export type PreviewRequest =
  { type: 'retry' } | { type: 'rerun'; from: StageId } | { type: 'upgrade'; revision?: string };

/** From `least` to `most`; `most` is null when nobody knows. */
export interface Range {
  least: number;
  most: number | null;
}

/** What a verb would do to a run, said beforehand. Nothing is decided or written by asking. */
export interface RunPreview {
  run: RunId;
  verb: PreviewRequest['type'];
  /** The revision that the run would go on under. */
  revision: Revision;
  stages: StagePreview[];
  /** US dollars, over all stages. */
  usd: Range;
  /** Tokens that go in and come out, over all stages. */
  tokens: Range;
}

export interface StagePreview {
  stage: StageId;
  name: string;
  mode: StageMode;
  /**
   * `keep`: not touched. `reuse`: begun anew, and all of it is given again. `make`: some of it is made. `ask`: a person is asked.
   * `depends`: settled when the stages in `dependsOn` are there. `skip`: its `if` is false. `wait`: not touched, and waiting as
   * before. `fail`: it would fail, see `error`.
   */
  verdict: 'keep' | 'reuse' | 'make' | 'ask' | 'depends' | 'skip' | 'wait' | 'fail';
  dependsOn: StageId[];
  /** How many are made and how many given again; null while nobody can know. */
  tasks: { make: number; reuse: number } | null;
  /** `stands`: people approved of it and need not again. `depends`: it stands if the output comes out the same. */
  approval: 'none' | 'stands' | 'again' | 'depends';
  error: Failure | null;
  /** From what the same tasks took when they were last made. A list counts by the length that it had. */
  usd: Range;
  tokens: Range;
}

interface Given {
  workspace: string;
  plan: Plan;
  run: Run;
  entries: JournalEntry[];
  verb: Extract<RunVerb, { type: PreviewRequest['type'] }>;
}

/** Throws the refusal that the verb itself would meet now. `plan` is the new one for an upgrade. */
export async function previewOf(
  ports: Judges,
  { workspace, plan, run, entries, verb }: Given,
): Promise<RunPreview> {
  decide(plan, run, verb, ports.clock.now());
  const dry = await dryRun(ports, { workspace, plan, run }, verb);
  const paid = paidFor(entries);
  const stages = plan.stages.map((planned) => stagePreview({ plan, before: run, dry, paid }, planned));
  return {
    run: run.id,
    verb: verb.type,
    revision: verb.type === 'upgrade' ? verb.lock.revision : run.lock.revision,
    stages,
    usd: sumOf(stages.map(({ usd }) => usd)),
    tokens: sumOf(stages.map(({ tokens }) => tokens)),
  };
}

interface Looked {
  plan: Plan;
  before: Run;
  dry: DryRun;
  paid: Map<TaskId, Usage>;
}

function stagePreview(looked: Looked, planned: PlannedStage): StagePreview {
  const { dry, paid } = looked;
  const stage = dry.run.stages[planned.id]!;
  const verdict = verdictOf(looked, planned, stage);
  const make = presentTasks(stage).filter(({ id }) => dry.made.has(id));
  const known = verdict === 'make' || verdict === 'reuse';
  return {
    stage: planned.id,
    name: planned.name,
    mode: planned.mode,
    verdict,
    dependsOn: verdict === 'depends' ? planned.needs.filter((need) => !isSettled(dry.run.stages[need]!)) : [],
    tasks: known ? { make: make.length, reuse: stage.tally.total - stage.tally.left } : null,
    approval: approvalOf(looked, planned, verdict),
    error: errorOf(looked, stage),
    ...likelyCost({ planned, stage, verdict, paid, make: make.map(({ id }) => id) }),
  };
}

function verdictOf({ before, dry }: Looked, { id }: PlannedStage, stage: StageRun): StagePreview['verdict'] {
  const isBegunAnew = dry.reset.has(id);
  if (stage.state === 'failed' || presentTasks(stage).some((task) => dry.broken.has(task.id))) return 'fail';
  if (stage.state === 'skipped') return isBegunAnew ? 'skip' : 'keep';
  if (stage.state === 'done') return isBegunAnew ? 'reuse' : 'keep';
  if (stage.state === 'running') return 'make';
  if (stage.state === 'pending') return 'depends';
  return !isBegunAnew && before.stages[id]?.state === stage.state ? 'wait' : 'ask';
}

function isSettled({ state }: StageRun): boolean {
  return state === 'done' || state === 'skipped';
}

function errorOf({ dry }: Looked, stage: StageRun): Failure | null {
  if (stage.state === 'failed') return stage.error;
  const broken = presentTasks(stage).find((task) => dry.broken.has(task.id));
  return broken === undefined ? null : (dry.broken.get(broken.id) ?? null);
}

function approvalOf(
  { plan, before, dry }: Looked,
  { id, approval: gate }: PlannedStage,
  verdict: StagePreview['verdict'],
): StagePreview['approval'] {
  if (gate === null || verdict === 'skip' || verdict === 'fail') return 'none';
  if (verdict === 'keep') return 'stands';
  if (verdict === 'wait') return 'again';
  const known = Object.hasOwn(before.stages, id) ? before.stages[id]! : null;
  if (known === null || known.signedOff === null || known.asksAgain || dry.reset.get(id) === 'rerun')
    return 'again';
  if (verdict !== 'reuse') return 'depends';
  return isSignedOff({ plan, run: dry.run }, known, gate, dry.run.stages[id]!.output) ? 'stands' : 'again';
}
