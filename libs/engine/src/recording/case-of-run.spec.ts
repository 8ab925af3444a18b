import { afterAll, describe, expect, it } from '@jest/globals';
import { createIsolation } from '../isolation/index.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import { LETTER_ACTIONS } from '../testing/letter-template.ts';
import { loopStage, planOf, plansOf, promptOf } from '../testing/plan-of.ts';
import { replayCase } from '../testing/replay-case.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { ScriptedCommandRunner } from '../testing/scripted-command-runner.ts';
import { testDesk } from '../testing/test-desk.ts';
import { caseOfRun } from './case-of-run.ts';
import { caseFileName, caseText } from './case-text.ts';
import {
  ann,
  approve,
  beginLetter,
  decide,
  form,
  goOn,
  LETTER_SCRIPT,
  missDeadline,
  onRecord,
  replayOf,
  sendBack,
  settle,
} from './letter-run.ts';
import type { Beginning, Live, Step } from './letter-run.ts';
import type { AiScript, ScriptedAnswer } from '../testing/scripted-ai-provider.ts';
import type { ReplayCase } from '../template/test-file.ts';
import type { Json } from '../vocabulary.ts';

const BUDGET = 'budget: {usd: 1, onExceed: ask}';
const isolation = createIsolation();
afterAll(() => isolation.close());
const begin = (given: Omit<Beginning, 'isolation'> = {}) => beginLetter({ isolation, ...given });

/** The case must pass, and its run must be the same one. */
async function replayed(live: Live): Promise<ReplayCase> {
  const { recorded, problems, asItWent, asRecorded } = await replayOf(live);
  expect(problems).toEqual([]);
  expect(asRecorded).toEqual(asItWent);
  return recorded;
}

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
      return (LETTER_SCRIPT as (given: typeof request) => ScriptedAnswer)(request);
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
    const recorded = await replayed(live);
    expect(recorded.expect).toMatchObject({ state: 'failed', error: 'REFUSED' });
    // Of what was called off nothing came: it fails alike, lest a replay has it done.
    const refused = { error: { code: 'REFUSED', message: 'No.' } };
    expect(recorded.answers['parts']).toEqual({ tasks: [refused, refused] });
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
