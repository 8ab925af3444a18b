import { afterAll, describe, expect, it } from '@jest/globals';
import { createIsolation } from '../../isolation/index.ts';
import { aiStage, loopStage, planOf, plansOf, promptOf } from '../../testing/plan-of.ts';
import { ScriptedAiProvider, scriptedRouter } from '../../testing/scripted-ai-provider.ts';
import { ScriptedCommandRunner } from '../../testing/scripted-command-runner.ts';
import { testDesk } from '../../testing/test-desk.ts';
import { ProviderError } from '../../ports/provider-error.ts';
import type { AiScript } from '../../testing/scripted-ai-provider.ts';
import type { CommandRequest } from '../../ports/command-runner.ts';
import type { CommandScript } from '../../testing/scripted-command-runner.ts';
import type { CliLoopStage, Plan } from '../../template/plan.ts';
import type { Actor, Json, JsonObject } from '../../vocabulary.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann', roles: ['approver'] };

const literal = (value: Json) => ({ kind: 'literal', value }) as const;
const PAGE = literal([{ path: 'index.html', content: '<b>Tea</b>\n' }]);
const REPAIR = promptOf(
  'It exited with {{result.exitCode}} and said {{result.output}}\n{{#each result.files as |file|}}{{file.path}}: {{file.text}}{{/each}}',
);
const once = { attempts: 1, delayMs: 0, maxDelayMs: 0 };

interface House {
  ai?: AiScript;
  lint: CommandScript[] | ((request: CommandRequest) => CommandScript);
  plan?: Partial<Plan>;
}

function houseOf(stage: Partial<CliLoopStage>, { ai = [], lint, plan = {} }: House) {
  const provider = new ScriptedAiProvider(ai);
  const commands = new ScriptedCommandRunner({ lint: { script: lint } });
  const check = loopStage('check', 'lint', { files: PAGE, retry: once, ...stage });
  const desk = testDesk({
    plans: plansOf(planOf([check], plan)),
    ai: scriptedRouter(provider),
    isolation,
    commands,
  });
  return { ...desk, provider, commands };
}

async function play(stage: Partial<CliLoopStage>, house: House, inputs: JsonObject = {}) {
  const desk = houseOf(stage, house);
  const { id } = await desk.engine.create('w', { template: 'test', inputs }, ann);
  await desk.engine.quiet();
  const view = await desk.engine.get('w', id);
  return { ...desk, id, view, check: view.stages[0]!, attempts: desk.store.attempts(id) };
}

const shown = (request: CommandRequest | undefined) =>
  Object.fromEntries(
    (request?.files ?? []).map(({ path, content }) => [path, new TextDecoder().decode(content)]),
  );
const edits = (...list: JsonObject[]) => ({ json: { edits: list } });
const REPLACE = { path: 'index.html', find: '<b>Tea</b>', replace: '<strong>Tea</strong>' };

describe('a loop', () => {
  it('is done with the first run that passes, and its files are artifacts', async () => {
    const { check, view, artifacts, commands, provider } = await play(
      { args: [literal('index.html')] },
      { lint: [{ output: 'fine' }] },
    );
    expect(check).toMatchObject({
      state: 'done',
      output: {
        passed: true,
        iterations: 1,
        exitCode: 0,
        output: 'fine',
        files: [{ path: 'index.html', name: 'index.html', mediaType: 'text/html', size: 11 }],
      },
    });
    expect(view.artifacts).toEqual([expect.objectContaining({ name: 'index.html' })]);
    const { content } = await artifacts.get('w', view.artifacts[0]!.artifact);
    expect(new TextDecoder().decode(content)).toBe('<b>Tea</b>\n');
    expect(commands.requests).toMatchObject([
      { args: ['index.html'], origin: { stage: 'check', task: 'check', attempt: 1, iteration: 1 } },
    ]);
    expect(provider.requests).toEqual([]);
  });

  it('shows a failure to the model, carries out its edits, and runs again', async () => {
    const { check, commands, provider, attempts } = await play(
      { repair: REPAIR },
      { lint: [{ exitCode: 1, output: 'use strong' }, {}], ai: [edits(REPLACE)] },
    );
    expect(check).toMatchObject({ state: 'done', output: { iterations: 2, exitCode: 0 } });
    expect(provider.requests[0]?.messages).toEqual([
      { role: 'user', text: 'It exited with 1 and said use strong\nindex.html: <b>Tea</b>\n' },
    ]);
    expect(commands.requests.map(shown)).toEqual([
      { 'index.html': '<b>Tea</b>\n' },
      { 'index.html': '<strong>Tea</strong>\n' },
    ]);
    expect(attempts[0]).toMatchObject({
      state: 'done',
      provider: 'scripted',
      usage: { usd: 0.01 },
      toolCalls: [
        { id: 'run-1', action: 'lint', output: { exitCode: 1, output: 'use strong' } },
        {
          id: 'repair-1',
          action: 'repair',
          input: { edits: [REPLACE] },
          output: { changed: ['index.html'] },
        },
        { id: 'run-2', action: 'lint', output: { exitCode: 0 } },
      ],
    });
    expect(attempts[0]?.log.map(({ message }) => message)).toEqual([
      'Run 1 of at most 5: lint exited with 1.',
      'Repair 1: changed index.html.',
      'Run 2 of at most 5: lint exited with 0.',
    ]);
  });

  it('tells the model about an edit that does not fit, once', async () => {
    const misses = { path: 'index.html', find: '<i>', replace: '<em>' };
    const { check, provider } = await play(
      { repair: REPAIR },
      { lint: [{ exitCode: 1 }, {}], ai: [edits(misses), edits(REPLACE)] },
    );
    expect(check.state).toBe('done');
    expect(provider.requests[1]?.messages.at(-1)).toMatchObject({
      text: expect.stringMatching(/cannot be used:[^]*\/edits\/0 looks for text that is not in index\.html/),
    });
    const never = await play(
      { repair: REPAIR },
      { lint: [{ exitCode: 1 }], ai: [edits(misses), edits(misses)] },
    );
    expect(never.check.error).toMatchObject({
      code: 'OUTPUT_INVALID',
      message: expect.stringContaining('not in index.html'),
    });
  });

  it('gives up when its runs are used up, and keeps what the command said', async () => {
    const turn = (from: string, to: string) => edits({ path: 'index.html', find: from, replace: to });
    const { check, commands, provider } = await play(
      { repair: REPAIR, maxIterations: 3 },
      { lint: [{ exitCode: 2, output: 'no good' }], ai: [turn('Tea', 'Mate'), turn('Mate', 'Milk')] },
    );
    expect(check).toMatchObject({
      state: 'failed',
      error: {
        code: 'CLI_LOOP_GAVE_UP',
        message: '"lint" did not pass in 3 runs: it exited with 2.',
        retryable: false,
        details: { iterations: 3, exitCode: 2, output: 'no good' },
      },
    });
    expect(commands.requests).toHaveLength(3);
    expect(provider.requests).toHaveLength(2);
  });

  it('asks for an exit code of 0, and for `until` as well', async () => {
    const until = '!result.output.contains("warning")';
    const crashed = await play({ until, maxIterations: 1 }, { lint: [{ exitCode: 1, output: 'crashed' }] });
    expect(crashed.check.error?.message).toMatch(/it exited with 1\.$/);
    const warned = await play({ until, maxIterations: 1 }, { lint: [{ output: 'a warning' }] });
    expect(warned.check.error?.message).toMatch(/`until: .*` was not true\.$/);
    expect((await play({ until }, { lint: [{ output: 'fine' }] })).check.state).toBe('done');
  });

  it('without a repair runs again as long as the command itself changes files', async () => {
    const formatter = ({ files }: CommandRequest): CommandScript => {
      const text = new TextDecoder().decode(files[0]?.content);
      const next = text.replace('<b>', '').replace('</b>', text.includes('<b>') ? '</b>' : '');
      return {
        exitCode: text === 'Tea\n' ? 0 : 1,
        files: [{ path: 'index.html', content: new TextEncoder().encode(next) }],
      };
    };
    expect((await play({}, { lint: formatter })).check.output).toMatchObject({ iterations: 3 });
    const stuck = await play({}, { lint: [{ exitCode: 1 }] });
    expect(stuck.check.error?.message).toMatch(/in 1 run: .*the same files\.$/);
    expect(stuck.commands.requests).toHaveLength(1);
  });

  it('keeps the hidden files of the template from the command and from repairs', async () => {
    const files = literal([
      { path: '.lint.json', content: 'strict' },
      { path: 'index.html', content: 'x' },
    ]);
    const hidden = edits({ path: '.lint.json', content: 'lax' });
    const { check, commands, provider } = await play(
      { files, repair: REPAIR },
      { lint: [{ exitCode: 1 }, {}], ai: [hidden, edits({ path: 'index.html', content: 'y' })] },
    );
    expect(check.output).toMatchObject({ files: [{ path: 'index.html' }] });
    expect(commands.requests.map(shown)).toEqual([
      { '.lint.json': 'strict', 'index.html': 'x' },
      { '.lint.json': 'strict', 'index.html': 'y' },
    ]);
    expect(JSON.stringify(provider.requests[0]?.messages)).not.toContain('strict');
  });

  it('has budget, retries and models of a stage that asks a model', async () => {
    const down = new ProviderError('PROVIDER_UNAVAILABLE', 'Down.', { retryable: true });
    const first = new ScriptedAiProvider(() => ({ error: down }), { name: 'first' });
    const second = new ScriptedAiProvider([edits(REPLACE)], { name: 'second' });
    const commands = new ScriptedCommandRunner({ lint: { script: [{ exitCode: 1 }, {}] } });
    const stage = loopStage('check', 'lint', {
      files: PAGE,
      repair: REPAIR,
      models: ['first', 'second'],
      retry: once,
    });
    const desk = testDesk({
      plans: plansOf(planOf([stage])),
      ai: scriptedRouter(first, second),
      isolation,
      commands,
    });
    const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    await desk.engine.quiet();
    expect(await desk.engine.get('w', id)).toMatchObject({ state: 'done', spent: { usd: 0.01 } });
    expect(desk.store.attempts(id)[0]).toMatchObject({ provider: 'second' });
  });
});

describe('a loop that was done before', () => {
  it('is not run again on a rerun when nothing that goes in has changed', async () => {
    const { engine, id, commands, view } = await play({}, { lint: [{}] });
    await engine.send('w', id, { type: 'rerun', actor: ann, from: 'check' });
    await engine.quiet();
    expect(commands.requests).toHaveLength(1);
    expect((await engine.get('w', id)).stages[0]?.output).toEqual(view.stages[0]?.output);
  });

  it('is run again after an upgrade when something changed that its repair prompt can show, and only then', async () => {
    const plans = ['A', 'A', 'B'].map((text, version) =>
      planOf(
        [
          aiStage('text', { prompt: promptOf(text) }),
          loopStage('check', 'lint', { files: PAGE, repair: promptOf('Mind {{stages.text.output}}.') }),
        ],
        { version: `${version}.0.0` },
      ),
    );
    const commands = new ScriptedCommandRunner({ lint: { script: () => ({}) } });
    const ai = new ScriptedAiProvider(({ messages }) => (messages[0] as { text: string }).text);
    const { engine } = testDesk({ plans: plansOf(...plans), ai: scriptedRouter(ai), isolation, commands });
    const request = { template: 'test', inputs: {}, revision: plans[0]!.digest };
    const { id } = await engine.create('w', request, ann);
    await engine.quiet();
    const runs: unknown[] = [];
    for (const { digest: revision } of plans.slice(1)) {
      const { stages } = await engine.preview('w', id, { type: 'upgrade', revision }, ann);
      await engine.upgrade('w', id, { revision }, ann);
      await engine.quiet();
      runs.push([stages[1]?.verdict, commands.requests.length]);
    }
    expect(runs).toEqual([
      ['reuse', 1],
      ['depends', 2],
    ]);
  });

  it('takes up what a reviewer asks for, on the files of the round before', async () => {
    const approval = {
      approvers: [],
      quorum: 1,
      selfApproval: true,
      deadlineMs: null,
      onDeadline: null,
      maxAttempts: 5,
    };
    const { engine, id, provider, commands } = await play(
      { repair: REPAIR, approval },
      {
        lint: [{ exitCode: 1 }, {}],
        ai: [edits(REPLACE), edits({ path: 'index.html', find: 'Tea', replace: 'Mate' })],
      },
    );
    const comments = [{ body: 'Say mate' }];
    await engine.send('w', id, { type: 'request-changes', actor: ann, stage: 'check', round: 1, comments });
    await engine.quiet();
    expect((await engine.get('w', id)).stages[0]).toMatchObject({
      state: 'approval_pending',
      round: 2,
      output: { iterations: 1 },
    });
    expect(provider.requests[1]?.messages[0]).toMatchObject({
      text: expect.stringMatching(/<strong>Tea[^]*Say mate/),
    });
    expect(shown(commands.requests.at(-1))).toEqual({ 'index.html': '<strong>Mate</strong>\n' });
  });
});

describe('before a loop', () => {
  const create = (stage: Partial<CliLoopStage>, commands?: ScriptedCommandRunner) => {
    const plans = plansOf(planOf([loopStage('check', 'lint', stage)]));
    const desk = testDesk({ plans, ai: scriptedRouter(), isolation, ...(commands && { commands }) });
    return desk.engine.create('w', { template: 'test', inputs: {} }, ann);
  };
  const only = new ScriptedCommandRunner({ lint: { subcommands: ['check'], script: [{}] } });

  it.each([
    ['no command may be run here', create({})],
    ['the command is not allowed', create({ command: 'make' }, only)],
    ['its sub-command is not allowed', create({ args: [literal('fix')] }, only)],
    ['it has no sub-command', create({}, only)],
  ])('a run is refused at its start when %s', async (_what, created) => {
    await expect(created).rejects.toMatchObject({ code: 'CLI_NOT_ALLOWED' });
  });

  it('a sub-command that data gives is looked at when the stage begins', async () => {
    const args = [{ kind: 'expression', source: 'inputs.verb' } as const];
    const desk = testDesk({
      plans: plansOf(planOf([loopStage('check', 'lint', { args, retry: once })])),
      ai: scriptedRouter(),
      isolation,
      commands: only,
    });
    const { id } = await desk.engine.create('w', { template: 'test', inputs: { verb: 'fix' } }, ann);
    await desk.engine.quiet();
    expect((await desk.engine.get('w', id)).stages[0]?.error).toMatchObject({
      code: 'CLI_NOT_ALLOWED',
      retryable: false,
    });
  });

  it('a run needs a model only for a repair', async () => {
    const commands = new ScriptedCommandRunner({ lint: { script: [{}] } });
    expect((await create({}, commands)).id).toBeDefined();
    await expect(create({ repair: REPAIR }, commands)).rejects.toMatchObject({
      code: 'PROVIDER_NOT_CONFIGURED',
    });
  });
});

describe('the end of a loop', () => {
  it.each(['cancel', 'timeout'] as const)('by %s reaches the command', async (how) => {
    const { engine, clock, commands, store } = houseOf({ timeoutMs: 5_000 }, { lint: [{ hang: true }] });
    const { id } = await engine.create('w', { template: 'test', inputs: {} }, ann);
    while (commands.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    if (how === 'cancel') await engine.send('w', id, { type: 'cancel', actor: ann });
    else clock.advance(5_000);
    await engine.quiet();
    expect(commands.requests[0]?.signal.aborted).toBe(true);
    const expected =
      how === 'cancel' ? { state: 'cancelled' } : { state: 'failed', error: { code: 'TASK_TIMEOUT' } };
    expect(store.attempts(id)[0]).toMatchObject(expected);
  });

  it('by a limit is an error of the run that no further try mends', async () => {
    const { view } = await play(
      { retry: { ...once, attempts: 3 } },
      { lint: [{ limit: 'printed too much' }] },
    );
    expect(view.error).toMatchObject({
      code: 'CLI_LIMIT',
      message: 'The command "lint" printed too much, and was ended.',
    });
  });
});

describe('the working files of a loop', () => {
  it('may come from artifacts that earlier stages made', async () => {
    const commands = new ScriptedCommandRunner({ lint: { script: [{}] } });
    const again = loopStage('again', 'lint', {
      files: { kind: 'expression', source: 'stages.check.output.files' },
    });
    const plan = planOf([loopStage('check', 'lint', { files: PAGE }), again]);
    const desk = testDesk({ plans: plansOf(plan), ai: scriptedRouter(), isolation, commands });
    await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    await desk.engine.quiet();
    expect(commands.requests.map(shown)).toEqual([
      { 'index.html': '<b>Tea</b>\n' },
      { 'index.html': '<b>Tea</b>\n' },
    ]);
  });
});
