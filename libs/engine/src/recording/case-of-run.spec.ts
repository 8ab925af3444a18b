import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { createIsolation } from '../isolation/index.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import { LETTER_ACTIONS, letterFiles, letterPlan } from '../testing/letter-template.ts';
import { loopStage, planOf, plansOf, promptOf } from '../testing/plan-of.ts';
import { replayCase } from '../testing/replay-case.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { ScriptedCommandRunner } from '../testing/scripted-command-runner.ts';
import { testDesk } from '../testing/test-desk.ts';
import { caseOfRun } from './case-of-run.ts';
import { caseFileName, caseText } from './case-text.ts';
import type { TestDesk } from '../testing/test-desk.ts';
import type { AiScript, ScriptedAnswer } from '../testing/scripted-ai-provider.ts';
import type { RunOnRecord } from './case-of-run.ts';
import type { RunVerb } from '../run/event.ts';
import type { RunView } from '../run/view.ts';
import type { Plan } from '../template/plan.ts';
import type { ReplayCase } from '../template/test-file.ts';
import type { Actor, Json, JsonObject } from '../vocabulary.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann', roles: ['approver', 'admin'] };
const BUDGET = 'budget: {usd: 1, onExceed: ask}';

type Step = Omit<RunVerb, 'actor'> & { type: RunVerb['type'] };
type Live = TestDesk & { id: string; plan: Plan };

interface Beginning {
  ai?: AiScript;
  change?: (template: string) => string;
  inputs?: JsonObject;
}

/** Two parts for an outline, text for everything else. */
const script: AiScript = ({ contract, messages }) =>
  contract === null
    ? `Text for: ${messages[0] && 'text' in messages[0] ? messages[0].text : ''}`
    : { json: { parts: ['Leaf', 'Cup'] } };

async function begin({ ai = script, change, inputs = {} }: Beginning = {}): Promise<Live> {
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
  const live = { ...desk, id, plan };
  await settle(live);
  return live;
}

/** Lets retries come due, and waits for what goes on by itself. */
async function settle({ engine, id, clock }: Live): Promise<RunView> {
  for (;;) {
    await engine.quiet();
    const run = await engine.get('w', id);
    const retry = run.waitingFor.find((wait) => wait.kind === 'timer' && wait.timer.kind !== 'deadline');
    if (retry?.kind !== 'timer') return run;
    clock.advance(Math.max(1, Date.parse(retry.timer.at) - Date.parse(clock.now())));
    await engine.recover();
  }
}

async function decide(live: Live, ...steps: Step[]): Promise<void> {
  for (const step of steps) {
    await live.engine.send('w', live.id, { ...step, actor: ann } as RunVerb);
    await settle(live);
  }
}

async function missDeadline(live: Live): Promise<void> {
  live.clock.advance(3_600_000);
  await live.engine.recover();
  await settle(live);
}

async function onRecord({ engine, store, id }: Live): Promise<RunOnRecord> {
  const entries = (await store.load(id))?.entries ?? [];
  return { run: await engine.get('w', id), entries, attempts: store.attempts(id) };
}

/** Makes a case of the run, reads it back from its file and replays it: it must pass, and the run must be the same one. */
async function replayed(live: Live): Promise<ReplayCase> {
  const record = await onRecord(live);
  const text = caseText(caseOfRun(record, 'A letter'), 'Recorded.');
  const path = 'templates/letter/tests/c.test.yaml';
  const bytes = new TextEncoder().encode(text);
  const result = await replayCase({ plan: live.plan, catalog: LETTER_ACTIONS, isolation, path, bytes });
  expect([result.findings, result.differences, text]).toEqual([[], [], text]);
  expect(shape(result.run)).toEqual(shape(record.run));
  return parse(text) as ReplayCase;
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

const approve = (stage: string, round = 1): Step => ({ type: 'approve', stage, round }) as Step;
const sendBack = (stage: string, round: number, more: object = {}): Step =>
  ({ type: 'request-changes', stage, round, comments: [{ body: 'More tea' }], ...more }) as Step;
const form: Step = { type: 'submit-input', stage: 'signature', input: { name: 'Ada' } } as Step;
const goOn: Step = { type: 'next-stage', stage: 'signature' } as Step;

describe('a run on record becomes a case that goes as the run went', () => {
  it('to the end', async () => {
    const live = await begin({ inputs: { polished: true } });
    await decide(live, approve('outline'), approve('parts'), goOn, form);
    const recorded = await replayed(live);
    expect(recorded).toMatchObject({
      title: 'A letter',
      inputs: { topic: 'Tea', polished: true },
      answers: {
        outline: { parts: ['Leaf', 'Cup'] },
        parts: { tasks: ['Text for: Write Leaf as number 0.', 'Text for: Write Cup as number 1.'] },
        print: { pages: 2, file: { name: 'letter.txt' } },
      },
      usage: { outline: { inputTokens: 10, outputTokens: 5, usd: 0.01 } },
      decisions: [
        { do: 'approve', stage: 'outline' },
        { do: 'approve', stage: 'parts' },
        { do: 'next-stage', stage: 'signature' },
        { do: 'submit-input', stage: 'signature', input: { name: 'Ada' } },
      ],
      expect: {
        state: 'done',
        stages: { outline: { state: 'done', round: 1 }, parts: { tasks: 2 }, polish: { state: 'done' } },
        outputs: { pages: 2, file: { name: 'letter.txt', type: 'file' } },
        artifacts: { count: 1, include: [{ name: 'letter.txt', type: 'file', stage: 'print' }] },
        cost: { maxUsd: 0.04, maxTokens: 60 },
        endActions: [{ uses: 'workflow/start' }],
      },
    });
  });

  it('up to where it waits', async () => {
    const recorded = await replayed(await begin());
    expect(recorded.expect).toMatchObject({
      state: 'approval_pending',
      stages: { parts: { state: 'pending' } },
    });
  });

  it('through rounds, with the remarks and where they are anchored', async () => {
    const live = await begin();
    const anchored = { body: 'No tea', task: 'parts/1', path: '', line: 2 };
    await decide(
      live,
      sendBack('outline', 1),
      approve('outline', 2),
      sendBack('parts', 1, { comments: [anchored], tasks: ['parts/1'] }),
      approve('parts', 2),
    );
    const recorded = await replayed(live);
    expect(recorded.decisions).toEqual([
      { do: 'request-changes', stage: 'outline', comments: ['More tea'] },
      { do: 'approve', stage: 'outline' },
      { do: 'request-changes', stage: 'parts', comments: [anchored], tasks: ['parts/1'] },
      { do: 'approve', stage: 'parts' },
    ]);
    expect(recorded.expect.prompts).toEqual({
      outline: [{ round: 2, variables: { 'feedback[0].body': 'More tea' } }],
    });
  });

  it('through failures, retries and reruns', async () => {
    let asked = 0;
    const ai: AiScript = (request): ScriptedAnswer => {
      asked += 1;
      if (asked === 1) return { error: new StagewrightError('DOWN', 'Down.', { retryable: true }) };
      if (asked === 4) return { error: new StagewrightError('REFUSED', 'No.') };
      return (script as (given: typeof request) => ScriptedAnswer)(request);
    };
    const live = await begin({ ai });
    await decide(live, approve('outline'), { type: 'retry' }, approve('parts', 2), {
      type: 'rerun',
      from: 'parts',
    } as Step);
    const recorded = await replayed(live);
    expect(recorded.answers['outline']).toEqual({
      tries: [{ error: { code: 'DOWN', message: 'Down.', retryable: true } }, { parts: ['Leaf', 'Cup'] }],
    });
    expect(recorded.decisions.map(({ do: what }) => what)).toEqual(['approve', 'retry', 'approve', 'rerun']);
  });

  it('when it failed while others were at work', async () => {
    const ai: AiScript = (request): ScriptedAnswer | Promise<ScriptedAnswer> => {
      const [message] = request.messages;
      const text = message !== undefined && 'text' in message ? message.text : '';
      if (text.includes('Leaf')) return { hang: true };
      if (text.includes('Cup')) return { error: new StagewrightError('REFUSED', 'No.') };
      return { json: { parts: ['Leaf', 'Cup'] } };
    };
    const live = await begin({ ai });
    await decide(live, approve('outline'));
    expect((await replayed(live)).expect).toMatchObject({ state: 'failed', error: 'REFUSED' });
  });

  it('when it was cancelled', async () => {
    const live = await begin();
    await decide(live, { type: 'cancel' });
    expect((await replayed(live)).decisions).toEqual([{ do: 'cancel' }]);
  });

  it('when a deadline passed', async () => {
    const live = await begin();
    await missDeadline(live);
    await decide(live, approve('outline'));
    expect((await replayed(live)).decisions[0]).toEqual({ do: 'miss-deadline', stage: 'outline' });
    for (const onDeadline of ['approve', 'fail']) {
      const other = await begin({ change: (template) => template.replace('escalate', onDeadline) });
      await missDeadline(other);
      expect((await replayed(other)).decisions).toEqual([{ do: 'miss-deadline', stage: 'outline' }]);
    }
  });

  it('when its budget was raised', async () => {
    const live = await begin({
      change: (template) => template.replace(BUDGET, 'budget: {usd: 0.005, onExceed: ask}'),
    });
    await decide(live, { type: 'resume', budgetUsd: 3 } as Step, approve('outline'));
    expect((await replayed(live)).decisions[0]).toEqual({ do: 'resume', budgetUsd: 3 });
  });

  it('leaves out a pause that somebody asked for', async () => {
    const live = await begin();
    await decide(live, { type: 'pause' }, { type: 'resume' }, approve('outline'));
    expect((await replayed(live)).decisions).toEqual([{ do: 'approve', stage: 'outline' }]);
  });

  it('also with answers that look like the words of a recording', async () => {
    const free = (template: string): string =>
      template
        .replace(/output: \{type: object, required: \[parts\].*\n/, 'output: {type: object}\n')
        .replace('${{ stages.outline.output.parts }}', '${{ [] }}');
    const answers: Json[] = [
      { tasks: [] },
      { rounds: ['a'] },
      { error: { code: 'X' } },
      { value: { tries: [] } },
      { value: 1 },
    ];
    for (const answer of answers) {
      const live = await begin({ change: free, ai: () => ({ json: answer }) });
      await replayed(live);
    }
  });

  it('with no price where one is not known, and a price of nothing where nothing was spent', async () => {
    const costing = (usd: number | null): AiScript => [
      { result: { text: '{"parts": []}', usage: { inputTokens: 1, outputTokens: 1, usd } } },
    ];
    const unknown = await replayed(await begin({ ai: costing(null) }));
    expect([unknown.usage, unknown.expect.cost]).toEqual([
      { outline: { inputTokens: 1, outputTokens: 1 } },
      { maxTokens: 2 },
    ]);
    const free = await replayed(await begin({ ai: costing(0) }));
    expect(Object.is(free.expect.cost?.maxUsd, 0)).toBe(true);
  });

  it('with a title of its own, else that of the run', async () => {
    const record = await onRecord(await begin());
    expect(caseOfRun(record).title).toBe(record.run.title);
    expect(caseOfRun({ ...record, run: { ...record.run, title: '' } }).title).toBe('A run of letter');
  });
});

describe('a run that cannot be made a case is refused', () => {
  it('while somebody holds it', async () => {
    const live = await begin();
    await decide(live, { type: 'pause' });
    await expect(replayed(live)).rejects.toMatchObject({ code: 'TEST_NOT_RECORDABLE' });
  });

  it('while it is at work, or a draft', async () => {
    const record = await onRecord(await begin());
    for (const state of ['running', 'draft'] as const)
      expect(() => caseOfRun({ ...record, run: { ...record.run, state } })).toThrow(/cannot be made a case/);
  });

  it('after it went on under another revision', async () => {
    const live = await begin();
    const { run } = await onRecord(live);
    await live.engine.upgrade('w', run.id, {}, ann);
    await settle(live);
    await expect(replayed(live)).rejects.toThrow(/another revision/);
  });

  it('when the file would be too large', async () => {
    const live = await begin({ ai: () => ({ json: { parts: ['x'.repeat(300_000)] } }) });
    await expect(replayed(live)).rejects.toThrow(/bytes, and 262144 are the most/);
  });
});

it('a loop is recorded as what its command and its repairs gave', async () => {
  const page = loopStage('check', 'lint', {
    files: { kind: 'literal', value: [{ path: 'index.html', content: '<b>Tea</b>' }] },
    repair: promptOf('Mend {{result.output}}'),
  });
  const plan = planOf([page]);
  const edits = [{ path: 'index.html', find: '<b>Tea</b>', replace: '<i>Tea</i>' }];
  const { engine, store } = testDesk({
    plans: plansOf(plan),
    ai: scriptedRouter(new ScriptedAiProvider([{ json: { edits } }])),
    commands: new ScriptedCommandRunner({ lint: { script: [{ exitCode: 1, output: 'no b' }, {}] } }),
    isolation,
  });
  const { id } = await engine.create('w', { template: 'test', inputs: {} }, ann);
  await engine.quiet();
  const record = {
    run: await engine.get('w', id),
    entries: (await store.load(id))?.entries ?? [],
    attempts: store.attempts(id),
  };
  const recorded = caseOfRun(record);
  expect(recorded.answers).toEqual({
    check: { runs: [{ exitCode: 1, output: 'no b' }, {}], repairs: [{ edits }] },
  });
  const bytes = new TextEncoder().encode(caseText(recorded, 'Recorded.'));
  const result = await replayCase({ plan, catalog: LETTER_ACTIONS, isolation, path: 'c.test.yaml', bytes });
  expect(result.differences).toEqual([]);
  expect(() => caseOfRun({ ...record, attempts: [] })).toThrow(/command of check/);
});

it.each([
  ['An outline that was sent back: once!', 'an-outline-that-was-sent-back-once.test.yaml'],
  ['Über Bienen', 'u-ber-bienen.test.yaml'],
  ['蜂', 'recorded.test.yaml'],
  ['../../etc/passwd', 'etc-passwd.test.yaml'],
])('the file of %j is %s', (title, name) => {
  expect(caseFileName(title)).toBe(name);
});

/** What may be asked of the run now; `pick` chooses among several. */
function possible(run: RunView, pick: number): Step[] {
  const steps = run.waitingFor.flatMap((wait): Step[] => {
    if (wait.kind === 'approval') {
      const tasks = run.stages.find(({ id }) => id === wait.stage)?.tasks.map(({ id }) => id) ?? [];
      const some = tasks.length > 1 ? { tasks: [tasks[pick % tasks.length]] } : {};
      return [
        approve(wait.stage, wait.round),
        sendBack(wait.stage, wait.round),
        sendBack(wait.stage, wait.round, some),
      ];
    }
    if (wait.kind === 'input') return [form];
    return wait.kind === 'advance' ? [goOn] : [];
  });
  if (run.state === 'failed') steps.push({ type: 'retry' });
  if (run.state !== 'cancelled') {
    const begun = run.stages.filter(({ state }) => state !== 'pending' && state !== 'ready');
    steps.push({ type: 'rerun', from: begun[pick % begun.length]?.id } as Step);
  }
  return steps;
}

it('whatever people decide and whatever fails, the case goes as the run went', async () => {
  const faults = fc.array(fc.constantFrom('', '', '', 'retryable', 'final'), { maxLength: 12 });
  const choices = fc.array(fc.nat({ max: 60 }), { maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(faults, choices, fc.boolean(), async (fails, picks, polished) => {
      let asked = 0;
      const ai: AiScript = (request): ScriptedAnswer => {
        const fault = fails[asked++] ?? '';
        if (fault !== '')
          return { error: new StagewrightError('FAULT', 'No.', { retryable: fault === 'retryable' }) };
        return request.contract === null
          ? `Text ${asked}`
          : { json: { parts: ['Leaf', 'Cup', `${asked}`].slice(asked % 3) } };
      };
      const live = await begin({ ai, inputs: { polished } });
      for (const pick of picks) {
        const steps = possible(await live.engine.get('w', live.id), pick);
        const step = steps[pick % steps.length];
        if (step === undefined) break;
        // A round too many, or a rerun of what has not begun, is refused: that changes nothing.
        await decide(live, step).catch((error: unknown) =>
          expect(error).toMatchObject({ code: expect.any(String) }),
        );
      }
      await replayed(live);
    }),
    { numRuns: 50 },
  );
});
