import { describe, it, expect } from '@jest/globals';
import { ANNA, AUTHOR, Story, each, gateOf, planOf } from '../../../../test/support/run/story.ts';
import { header, progress, scopeFor, view, waits } from './index.ts';

const at = (story: Story): number => progress(story.plan, story.run);

describe('stages follow one another', () => {
  it('in order, each with what the one before gave', () => {
    const plan = planOf([{ id: 'a' }, { id: 'b' }], {
      outputs: {
        both: { kind: 'text', parts: [{ source: 'stages.a.output' }, '+', { source: 'stages.b.output' }] },
      },
    });
    const story = Story.started(plan);
    expect(story.executes).toEqual(['a#1']);
    expect(story.gives('a', 'A').executes).toEqual(['b#1']);
    expect(scopeFor(plan, story.run).stages).toEqual({
      a: { output: 'A', state: 'done' },
      b: { output: null, state: 'running' },
    });
    expect(story.gives('b', 'B').run).toMatchObject({
      state: 'done',
      outputs: { both: 'A+B' },
      endedAt: story.now,
    });
  });

  it('side by side where `needs` lets them, and joined again', () => {
    const plan = planOf([
      { id: 'a' },
      { id: 'b' },
      { id: 'c', needs: ['a'] },
      { id: 'd', needs: ['b', 'c'] },
    ]);
    const story = Story.started(plan).gives('a');
    expect(story.executes).toEqual(['b#1', 'c#1']);
    expect(story.gives('c').executes).toEqual([]);
    expect(story.gives('b').executes).toEqual(['d#1']);
  });

  it('a stage that is false under `if` is skipped, gives null, and those behind it go on', () => {
    const plan = planOf([{ id: 'a', if: 'inputs.wanted' }, { id: 'b' }]);
    const story = Story.started(plan, { wanted: false });
    expect(story.states).toBe('skipped running');
    expect(story.stage('a').output).toBeNull();
  });

  it.each([
    ['cannot be evaluated', 'inputs.missing.deeper == 1'],
    ['gives no yes or no', '"yes"'],
  ])('an `if` that %s fails its stage', (_, source) => {
    const story = Story.started(planOf([{ id: 'a', if: source }, { id: 'b' }]));
    expect(story.run).toMatchObject({
      state: 'failed',
      error: { code: 'EXPRESSION_FAILED', retryable: false },
    });
    expect(story.states).toBe('failed pending');
  });

  it('outputs that cannot be evaluated fail the run', () => {
    const plan = planOf([{ id: 'a' }], {
      outputs: { x: { kind: 'expression', source: 'stages.a.output.title' } },
    });
    const story = Story.started(plan).gives('a', 7);
    expect(story.run).toMatchObject({
      state: 'failed',
      error: { code: 'OUTPUT_EXPRESSION_FAILED' },
      outputs: null,
    });
    expect(story.refusal({ type: 'retry', actor: ANNA }).code).toBe('STATE_CONFLICT');
  });

  it('a final stage ends the run: what has not begun is skipped, what is under way comes to its end', () => {
    const plan = planOf([{ id: 'a', final: true }, { id: 'b' }, { id: 'side', needs: [] }, { id: 'after' }]);
    const story = Story.started(plan).gives('a');
    expect(story.states).toBe('done skipped running skipped');
    expect(story.gives('side').run.state).toBe('done');
  });

  it('a final stage that is skipped does not end the run', () => {
    const story = Story.started(planOf([{ id: 'a', final: true, if: 'false' }, { id: 'b' }]));
    expect(story.states).toBe('skipped running');
  });
});

describe('a stage with `advance: manual`', () => {
  const plan = planOf([{ id: 'a', advance: 'manual' }, { id: 'b' }, { id: 'c', needs: ['a'] }]);

  it('holds those behind it, though not itself, until somebody asks for them', () => {
    const story = Story.started(plan).gives('a');
    expect(story.states).toBe('done ready ready');
    expect(story.run.state).toBe('input_pending');
    expect(waits(plan, story.run)).toEqual([
      { kind: 'advance', stage: 'b' },
      { kind: 'advance', stage: 'c' },
    ]);
    expect(story.refusal({ type: 'next-stage', actor: ANNA })).toMatchObject({
      code: 'INPUT_INVALID',
      details: { stages: ['b', 'c'] },
    });
    expect(story.does({ type: 'next-stage', actor: ANNA, stage: 'c' }).executes).toEqual(['c#1']);
    expect(story.facts[0]).toMatchObject({ type: 'stage.advanced', stage: 'c', actor: ANNA });
    expect(story.does({ type: 'next-stage', actor: ANNA }).executes).toEqual(['b#1']);
    expect(story.refusal({ type: 'next-stage', actor: ANNA }).code).toBe('STATE_CONFLICT');
    expect(story.refusal({ type: 'next-stage', actor: ANNA, stage: 'b' }).code).toBe('STATE_CONFLICT');
  });

  it('is approved first', () => {
    const gated = planOf([{ id: 'a', advance: 'manual', approval: gateOf() }, { id: 'b' }]);
    const story = Story.started(gated).gives('a');
    expect(story.states).toBe('approval_pending pending');
    expect(story.approves('a').states).toBe('done ready');
  });

  it('holds nobody when it was skipped', () => {
    const skipped = planOf([{ id: 'a', advance: 'manual', if: 'false' }, { id: 'b' }]);
    expect(Story.started(skipped).states).toBe('skipped running');
  });
});

describe('a manual stage', () => {
  it('waits for its input, which becomes its output', () => {
    const story = Story.started(planOf([{ id: 'facts', mode: 'manual', assignees: ['role:editor'] }]));
    expect(story.run.state).toBe('input_pending');
    expect(story.commands).toEqual([]);
    expect(waits(story.plan, story.run)).toEqual([
      { kind: 'input', stage: 'facts', task: 'facts', assignees: ['role:editor'] },
    ]);
    story.does({ type: 'submit-input', actor: ANNA, stage: 'facts', input: { year: 1999 } });
    expect(story.told.slice(0, 3)).toEqual(['input.submitted', 'task.completed', 'stage.completed']);
    expect(story.run.state).toBe('done');
    expect(story.stage('facts').output).toEqual({ year: 1999 });
  });

  it('over a list asks for every item, in any order', () => {
    const plan = planOf([{ id: 'facts', mode: 'manual', forEach: each('inputs.list', 1) }]);
    const story = Story.started(plan, { list: ['x', 'y'] });
    expect(story.refusal({ type: 'submit-input', actor: ANNA, stage: 'facts', input: 1 })).toMatchObject({
      code: 'INPUT_INVALID',
      details: { tasks: ['facts/0', 'facts/1'] },
    });
    story.does({ type: 'submit-input', actor: ANNA, stage: 'facts', task: 'facts/1', input: 'Y' });
    const again = {
      type: 'submit-input',
      actor: ANNA,
      stage: 'facts',
      task: 'facts/1',
      input: 'Y2',
    } as const;
    expect(story.refusal(again).code).toBe('STATE_CONFLICT');
    expect(story.refusal({ ...again, task: 'facts/2' }).code).toBe('RUN_UNKNOWN_TASK');
    story.does({ type: 'submit-input', actor: ANNA, stage: 'facts', input: 'X' });
    expect(story.stage('facts').output).toEqual(['X', 'Y']);
  });

  it('sent back, asks again', () => {
    const story = Story.started(planOf([{ id: 'facts', mode: 'manual', approval: gateOf() }]));
    story.does({ type: 'submit-input', actor: AUTHOR, stage: 'facts', input: 1 }).sendsBack('facts');
    expect(story.run.state).toBe('input_pending');
    expect(story.task('facts')).toMatchObject({ state: 'queued', attempt: 2, last: { output: 1 } });
  });
});

describe('pause and resume', () => {
  it('queues nothing new, takes what is under way, and goes on', () => {
    const plan = planOf([{ id: 'w', forEach: each('inputs.list', 1) }, { id: 'build' }]);
    const story = Story.started(plan, { list: [1, 2] }).does({ type: 'pause', actor: ANNA });
    expect(story.commands).toEqual([]);
    expect(story.gives('w/0', 'A').executes).toEqual([]);
    expect(story.run.state).toBe('paused');
    expect(story.does({ type: 'resume', actor: ANNA }).executes).toEqual(['w/1#1']);
  });

  it('a stage that ends meanwhile is recorded, and the run ends only after resume', () => {
    const story = Story.started(planOf([{ id: 'a' }]))
      .does({ type: 'pause', actor: ANNA })
      .gives('a');
    expect(story.states).toBe('done');
    expect(story.run.state).toBe('paused');
    expect(story.does({ type: 'resume', actor: ANNA }).run.state).toBe('done');
  });

  it('people may decide meanwhile', () => {
    const plan = planOf([{ id: 'a', approval: gateOf() }, { id: 'b' }]);
    const story = Story.started(plan).gives('a').does({ type: 'pause', actor: ANNA }).approves('a');
    expect(story.states).toBe('done pending');
    expect(story.does({ type: 'resume', actor: ANNA }).executes).toEqual(['b#1']);
  });

  it('a retry that came due meanwhile is made after resume', () => {
    const story = Story.started(planOf([{ id: 'a' }])).fails('a');
    const [command] = story.commands;
    story.does({ type: 'pause', actor: ANNA }).later(120_000);
    expect(waits(story.plan, story.run)).toEqual([]);
    if (command?.type === 'set-timer') story.does({ type: 'timer-fired', timer: command.timer });
    expect(story.facts).toEqual([]);
    expect(story.does({ type: 'resume', actor: ANNA }).commands).toEqual([command]);
    if (command?.type === 'set-timer') story.does({ type: 'timer-fired', timer: command.timer });
    expect(story.executes).toEqual(['a#2']);
  });
});

describe('cancel', () => {
  it('stops what is under way, and nothing goes on after it', () => {
    const plan = planOf([
      { id: 'a' },
      { id: 'b', needs: [] },
      { id: 'ask', needs: [], mode: 'manual' },
      { id: 'd' },
    ]);
    const story = Story.started(plan).gives('a').does({ type: 'cancel', actor: ANNA, reason: 'Wrong topic' });
    expect(story.aborts).toEqual(['b#1']);
    expect(story.states).toBe('done cancelled cancelled cancelled');
    expect(story.run.state).toBe('cancelled');
    expect(story.facts.at(-1)).toMatchObject({ type: 'run.cancelled', actor: ANNA, reason: 'Wrong topic' });
    expect(waits(plan, story.run)).toEqual([]);
  });
});

describe('progress', () => {
  it('goes from 0 to 100 by stages', () => {
    const story = new Story(
      planOf([{ id: 'a' }, { id: 'b', if: 'false' }, { id: 'c' }, { id: 'd' }, { id: 'e' }]),
    );
    expect(at(story)).toBe(0);
    story.does({ type: 'start', actor: AUTHOR });
    expect(at(story)).toBe(0);
    expect(at(story.gives('a'))).toBe(40);
    expect(at(story.gives('c'))).toBe(60);
    expect(at(story.gives('d'))).toBe(80);
    expect(at(story.gives('e'))).toBe(100);
  });

  it('does not fall when a long list appears', () => {
    const list = Array.from({ length: 40 }, (_, index) => index);
    const story = Story.started(planOf([{ id: 'a' }, { id: 'w', forEach: each('inputs.list', 40) }]), {
      list,
    });
    const seen = [at(story.gives('a'))];
    for (const index of list.slice(0, 39)) seen.push(at(story.gives(`w/${index}`)));
    expect(seen[0]).toBe(50);
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
    expect(seen.at(-1)).toBe(98);
  });

  it('is not 100 while the last gate is open', () => {
    expect(at(Story.started(planOf([{ id: 'a', approval: gateOf() }])).gives('a'))).toBe(99);
  });
});

describe('the run as it is shown', () => {
  it('tells lists whether a process has work to do', () => {
    const plan = planOf([{ id: 'a', approval: gateOf() }]);
    const story = new Story(plan);
    const open = (): boolean => header(plan, story.run, 'w1').open;
    expect(open()).toBe(false);
    story.does({ type: 'start', actor: AUTHOR });
    expect(open()).toBe(true);
    expect([story.fails('a').run.state, open()]).toEqual(['running', false]);
    expect([story.fires('retry').run.state, open()]).toEqual(['running', true]);
    expect([story.gives('a').run.state, open()]).toEqual(['approval_pending', false]);
  });

  it('shows clients stages, tasks, gates and artifacts', () => {
    const artifact = {
      artifact: 'x',
      name: 'a.md',
      type: 'file',
      mediaType: 'text/markdown',
      size: 1,
      digest: 'd',
    };
    const story = Story.started(planOf([{ id: 'a', approval: gateOf({ quorum: 2 }) }]));
    story.does({
      type: 'task-succeeded',
      ...story.hold('a'),
      output: 'A',
      artifacts: [artifact],
      usage: { inputTokens: 10, outputTokens: 5, usd: null },
      inputDigest: null,
      reused: false,
    });
    expect(view(story.plan, story.run)).toMatchObject({
      id: 'run-1',
      state: 'approval_pending',
      version: 3,
      spent: { inputTokens: 10, outputTokens: 5, usd: 0 },
      stages: [
        {
          id: 'a',
          sequence: 10,
          output: 'A',
          approval: { round: 1, quorum: 2 },
          tasks: [{ id: 'a', attempt: 1 }],
        },
      ],
      artifacts: [artifact],
      waitingFor: [{ kind: 'approval', stage: 'a' }],
    });
  });
});
