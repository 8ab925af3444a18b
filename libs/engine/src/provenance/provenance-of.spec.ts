import { afterAll, describe, expect, it } from '@jest/globals';
import { createActionRegistry } from '../execution/action-registry.ts';
import { createIsolation } from '../isolation/index.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { aiStage, manualStage, planOf, plansOf, promptOf, systemStage } from '../testing/plan-of.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { testDesk } from '../testing/test-desk.ts';
import { provenanceOf } from './provenance-of.ts';
import type { ProvenanceStatement } from './statement.ts';
import type { Gate, Plan } from '../template/plan.ts';
import type { Actor, ArtifactRef, Json } from '../vocabulary.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann', roles: ['approver'] };
const bob: Actor = { kind: 'user', id: 'bob', roles: ['approver'] };
const GATE: Gate = {
  approvers: ['role:approver'],
  quorum: 1,
  selfApproval: true,
  deadlineMs: null,
  onDeadline: null,
  maxAttempts: 5,
};

const paper = definePlugin({
  name: 'paper',
  version: '2.1.0',
  title: 'Paper',
  description: 'Prints.',
  actions: [
    {
      id: 'paper/print',
      description: 'Prints.',
      input: { type: 'object' },
      output: {},
      scopes: [],
      idempotency: 'natural',
      run: async (input, { artifacts }) =>
        (await artifacts.write({
          name: 'page.txt',
          type: 'file',
          mediaType: 'text/plain',
          content: new TextEncoder().encode(JSON.stringify(input)),
        })) as unknown as Json,
      examples: [{ title: 'Print', with: {}, expect: { output: {} } }],
    },
  ],
});
const actions = createActionRegistry([paper], { readAsset: () => Promise.reject(new Error('none')) });

const COMMIT = 'a'.repeat(40);
const plan = (version: string, prompt = 'Write.'): Plan => ({
  ...planOf(
    [
      manualStage('ask'),
      aiStage('text', { prompt: promptOf(prompt), approval: GATE }),
      systemStage('print', 'paper/print', {
        with: { text: { kind: 'expression', source: 'stages.text.output' } },
      }),
    ],
    { version },
  ),
  files: { 'templates/test/template.yaml': 'f1', 'templates/test/prompts/a.hbs': 'f2' },
});

class Press {
  readonly desk;
  readonly script: string[] = ['first', 'second'];
  id = '';

  constructor(...plans: Plan[]) {
    const source = plansOf(...plans);
    this.desk = testDesk({
      plans: {
        byDigest: source.byDigest,
        resolve: async (template, revision) => {
          const found = await source.resolve(template, revision);
          return { ...found, revision: { ...found.revision, commit: COMMIT } };
        },
      },
      ai: scriptedRouter(new ScriptedAiProvider(() => this.script.shift() ?? 'more')),
      isolation,
      actions,
    });
  }

  /** A form, a text that was sent back once, and a page. */
  async print(first: Plan): Promise<ArtifactRef> {
    const { engine } = this.desk;
    const request = { template: 'test', inputs: { secret: 'of the author' }, revision: first.digest };
    this.id = (await engine.create('w', request, ann)).id;
    await this.send({ type: 'submit-input', actor: bob, stage: 'ask', input: 'yes' });
    const comments = [{ body: 'A private remark.' }];
    await this.send({ type: 'request-changes', actor: bob, stage: 'text', round: 1, comments });
    await this.send({ type: 'approve', actor: bob, stage: 'text', round: 2, comment: 'Fine, Ann.' });
    return (await engine.get('w', this.id)).artifacts[0]!;
  }

  async send(verb: Parameters<typeof this.desk.engine.send>[2]): Promise<void> {
    await this.desk.engine.send('w', this.id, verb);
    await this.desk.engine.quiet();
  }

  async statementOf(artifact: ArtifactRef): Promise<ProvenanceStatement> {
    const { run } = this.desk.artifacts.origin(artifact.artifact)!;
    const stored = await this.desk.store.load(this.id);
    const attempts = this.desk.store.attempts(this.id);
    return provenanceOf({
      artifact,
      origin: run!,
      run: this.id,
      entries: stored!.entries,
      answeredBy: (task, attempt) => {
        const record = attempts.find((one) => one.task === task && one.attempt === attempt);
        return record?.provider == null || record.model === null
          ? undefined
          : { provider: record.provider, model: record.model };
      },
      version: '9.9.9',
    });
  }
}

describe('how a file came to be', () => {
  it('names the file, the revision, everything that went in, and who decided what', async () => {
    const one = plan('1.0.0');
    const press = new Press(one);
    const page = await press.print(one);
    const { predicate, ...head } = await press.statementOf(page);
    expect(head).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'page.txt', digest: { sha256: page.digest } }],
      predicateType: 'urn:stagewright:provenance:v1',
    });
    expect(predicate.buildDefinition).toMatchObject({
      externalParameters: { template: 'test', version: '1.0.0' },
      internalParameters: {
        models: { default: { provider: 'scripted', model: 'default-model' } },
        placeholder: false,
      },
      resolvedDependencies: [
        { name: 'template:test', digest: { sha256: one.digest, gitCommit: COMMIT } },
        { name: 'templates/test/prompts/a.hbs', digest: { sha256: 'f2' } },
        { name: 'templates/test/template.yaml', digest: { sha256: 'f1' } },
        { name: 'plugin:paper', annotations: { version: '2.1.0' } },
      ],
    });
    expect(predicate.runDetails).toMatchObject({
      builder: { version: { stagewright: '9.9.9' } },
      metadata: { invocationId: press.id },
    });
    expect(predicate.origin).toMatchObject({ stage: 'print', task: 'print', round: 1, attempt: 1 });
    expect(predicate.origin.inputDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(
      predicate.steps.map(({ task, round, attempt, model, reused }) => [task, round, attempt, model, reused]),
    ).toEqual([
      ['ask', 1, 1, null, false],
      ['text', 2, 2, 'default-model', false],
      ['print', 1, 1, null, false],
    ]);
    expect(
      predicate.decisions.map(({ decision, stage, round, by }) => [decision, stage, round, by?.id]),
    ).toEqual([
      ['started', null, null, 'ann'],
      ['input-given', 'ask', 1, 'bob'],
      ['changes-requested', 'text', 1, 'bob'],
      ['approved', 'text', 2, 'bob'],
    ]);
  });

  it('tells nobody what was said or put in', async () => {
    const press = new Press(plan('1'));
    const text = JSON.stringify(await press.statementOf(await press.print(plan('1'))));
    for (const secret of ['of the author', 'private remark', 'Fine, Ann', 'approver'])
      expect(text).not.toContain(secret);
  });

  it('stays what it was, whatever becomes of the run; what comes later says where it comes from', async () => {
    const [one, two] = [plan('1'), plan('2', 'Write it better.')];
    const press = new Press(one, two);
    const page = await press.print(one);
    const before = await press.statementOf(page);
    await press.desk.engine.upgrade('w', press.id, { revision: two.digest }, ann);
    await press.desk.engine.quiet();
    await press.send({ type: 'approve', actor: ann, stage: 'text', round: 3 });
    expect(await press.statementOf(page)).toEqual(before);

    const next = (await press.desk.engine.get('w', press.id)).artifacts[0]!;
    expect(next.artifact).not.toBe(page.artifact);
    const { predicate } = await press.statementOf(next);
    expect(predicate.buildDefinition.resolvedDependencies[0]?.digest?.sha256).toBe(two.digest);
    expect(predicate.steps.map(({ task, attempt, reused }) => [task, attempt, reused])).toEqual([
      // The answer of the first time, which still stands.
      ['ask', 1, true],
      ['text', 3, false],
      ['print', 2, false],
    ]);
    expect(predicate.decisions.map(({ decision }) => decision)).toEqual(
      expect.arrayContaining(['upgraded', 'input-kept']),
    );
  });

  it('says of placeholder text that it is one', async () => {
    const press = new Press(plan('1'));
    press.desk.ports.ai = scriptedRouter(new ScriptedAiProvider(() => 'made up', { placeholder: true }));
    const desk = testDesk({ ...press.desk.ports });
    Object.assign(press.desk, { engine: desk.engine });
    const { predicate } = await press.statementOf(await press.print(plan('1')));
    expect(predicate.buildDefinition.internalParameters.placeholder).toBe(true);
  });
});
