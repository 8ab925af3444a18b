import { parse } from 'yaml';
import { caseOfRun } from './case-of-run.ts';
import { caseText } from './case-text.ts';
import { LETTER_ACTIONS, letterFiles, letterPlan } from '../testing/letter-template.ts';
import { plansOf } from '../testing/plan-of.ts';
import { replayCase } from '../testing/replay-case.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { testDesk } from '../testing/test-desk.ts';
import type { RunOnRecord } from './case-of-run.ts';
import type { Isolation } from '../ports/isolation.ts';
import type { RunVerb } from '../run/event.ts';
import type { RunView } from '../run/view.ts';
import type { Plan } from '../template/plan.ts';
import type { ReplayCase } from '../template/test-file.ts';
import type { AiScript } from '../testing/scripted-ai-provider.ts';
import type { TestDesk } from '../testing/test-desk.ts';
import type { Actor, JsonObject } from '../vocabulary.ts';

/** Starts the runs, and decides on them. */
export const ann: Actor = { kind: 'user', id: 'ann', roles: ['approver', 'admin'] };

export type Step = Omit<RunVerb, 'actor'> & { type: RunVerb['type'] };
export type Live = TestDesk & { id: string; plan: Plan; isolation: Isolation };

export interface Beginning {
  isolation: Isolation;
  ai?: AiScript;
  change?: (template: string) => string;
  inputs?: JsonObject;
}

/** Two parts for an outline, text for everything else. */
export const LETTER_SCRIPT: AiScript = ({ contract, messages }) =>
  contract === null
    ? `Text for: ${messages[0] && 'text' in messages[0] ? messages[0].text : ''}`
    : { json: { parts: ['Leaf', 'Cup'] } };

/** Starts a run of the template `letter`, and lets it go as far as it goes by itself. */
export async function beginLetter({
  isolation,
  ai = LETTER_SCRIPT,
  change,
  inputs = {},
}: Beginning): Promise<Live> {
  const plan = letterPlan(letterFiles(change));
  const desk = testDesk({
    plans: plansOf(plan),
    ai: scriptedRouter(new ScriptedAiProvider(ai)),
    isolation,
    actions: LETTER_ACTIONS,
  });
  const { id } = await desk.engine.create(
    'w',
    { template: 'letter', inputs: { topic: 'Tea', ...inputs } },
    ann,
  );
  const live = { ...desk, id, plan, isolation };
  await settle(live);
  return live;
}

/** Lets retries come due, and waits for what goes on by itself. */
export async function settle({ engine, id, clock }: Live): Promise<RunView> {
  for (;;) {
    await engine.quiet();
    const run = await engine.get('w', id);
    const retry = run.waitingFor.find((wait) => wait.kind === 'timer' && wait.timer.kind !== 'deadline');
    if (retry?.kind !== 'timer') return run;
    clock.advance(Math.max(1, Date.parse(retry.timer.at) - Date.parse(clock.now())));
    await engine.recover();
  }
}

export async function decide(live: Live, ...steps: Step[]): Promise<void> {
  for (const step of steps) {
    await live.engine.send('w', live.id, { ...step, actor: ann } as RunVerb);
    await settle(live);
  }
}

export async function missDeadline(live: Live): Promise<void> {
  live.clock.advance(3_600_000);
  await live.engine.recover();
  await settle(live);
}

export async function onRecord({ engine, store, id }: Live): Promise<RunOnRecord> {
  const entries = (await store.load(id))?.entries ?? [];
  return { run: await engine.get('w', id), entries, attempts: store.attempts(id) };
}

/** How the case of a run went, beside the run. */
export interface Replayed {
  recorded: ReplayCase;
  /** What is wrong with the file, and what of its run was not as expected; with the text of the file when something is. */
  problems: unknown[];
  asItWent: unknown;
  asRecorded: unknown;
}

/** Makes a case of the run, reads it back from its file and replays it. Throws `TEST_NOT_RECORDABLE`. */
export async function replayOf(live: Live): Promise<Replayed> {
  const record = await onRecord(live);
  const text = caseText(caseOfRun(record, 'A letter'), 'Recorded.');
  const { plan, isolation } = live;
  const bytes = new TextEncoder().encode(text);
  const path = 'templates/letter/tests/c.test.yaml';
  const result = await replayCase({ plan, catalog: LETTER_ACTIONS, isolation, path, bytes });
  const problems = [...result.findings, ...result.differences];
  return {
    recorded: parse(text) as ReplayCase,
    problems: problems.length === 0 ? [] : [...problems, text],
    asItWent: shape(record.run),
    asRecorded: shape(result.run),
  };
}

function shape(run: RunView | null) {
  const stages = run?.stages.map(({ id, state, round, output, error, tasks, changes }) => ({
    id,
    state,
    round,
    output,
    error: error?.code ?? null,
    // Of tasks that were at work when one failed, any may be the first to fail.
    tasks: tasks.map((task) => task.state).sort(),
    changes: changes.map(({ comments }) => comments),
  }));
  return { state: run?.state, outputs: run?.outputs, error: run?.error?.code, spent: run?.spent, stages };
}

export const approve = (stage: string, round = 1): Step => ({ type: 'approve', stage, round }) as Step;
export const sendBack = (stage: string, round: number, more: object = {}): Step =>
  ({ type: 'request-changes', stage, round, comments: [{ body: 'More tea' }], ...more }) as Step;
export const form: Step = { type: 'submit-input', stage: 'signature', input: { name: 'Ada' } } as Step;
export const goOn: Step = { type: 'next-stage', stage: 'signature' } as Step;
