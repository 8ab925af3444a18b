import { describe, it, expect } from '@jest/globals';
import { ANNA, Story, each, planOf } from '../../../../test/support/run/story.ts';
import type { Sketch } from '../../../../test/support/run/story.ts';
import type { Json } from '../vocabulary.ts';
import { MAX_INTERRUPTIONS, MAX_ITEMS, header } from './index.ts';

const WIDE: Sketch = { id: 'chapters', forEach: each('inputs.list', 2) };

describe('a stage over a list', () => {
  it('works on as many items at once as it may, and gives the results in item order', () => {
    const story = Story.started(planOf([WIDE]), { list: ['a', 'b', 'c', 'd'] });
    expect(story.executes).toEqual(['chapters/0#1', 'chapters/1#1']);
    expect(story.gives('chapters/1', 'B').executes).toEqual(['chapters/2#1']);
    expect(story.gives('chapters/2', 'C').executes).toEqual(['chapters/3#1']);
    expect(story.gives('chapters/3', 'D').executes).toEqual([]);
    expect(story.gives('chapters/0', 'A').run.state).toBe('done');
    expect(story.stage('chapters').output).toEqual(['A', 'B', 'C', 'D']);
  });

  it('is complete at once over an empty list', () => {
    const story = Story.started(planOf([WIDE, { id: 'build' }]), { list: [] });
    expect(story.stage('chapters')).toMatchObject({ state: 'done', output: [] });
    expect(story.executes).toEqual(['build#1']);
  });

  it.each<[string, Json, string]>([
    ['more items than it takes', Array.from({ length: MAX_ITEMS + 1 }, () => 0), 'FOREACH_TOO_MANY'],
    ['what is no list', 'abc', 'EXPRESSION_FAILED'],
    ['null', null, 'EXPRESSION_FAILED'],
  ])('fails over %s', (_, list, code) => {
    const story = Story.started(planOf([WIDE]), { list });
    expect(story.run).toMatchObject({ state: 'failed', error: { code, retryable: false } });
    expect(story.stage('chapters').error?.code).toBe(code);
    expect(story.commands).toEqual([]);
  });

  it('takes as many items as it may', () => {
    const story = Story.started(planOf([WIDE]), {
      list: Array.from({ length: MAX_ITEMS }, (_, index) => index),
    });
    expect(story.stage('chapters').tasks).toHaveLength(MAX_ITEMS);
  });

  it('fails with the first item that fails for good, and stops the others', () => {
    const story = Story.started(planOf([WIDE, { id: 'side', needs: [] }]), { list: [1, 2, 3] });
    story.fails('chapters/0', { retryable: false, code: 'OUTPUT_INVALID' });
    expect(story.run).toMatchObject({
      state: 'failed',
      error: { code: 'OUTPUT_INVALID', details: { task: 'chapters/0' } },
    });
    expect(story.stage('chapters').tasks.map(({ state }) => state)).toEqual([
      'failed',
      'cancelled',
      'cancelled',
    ]);
    expect(story.stage('side').state).toBe('cancelled');
    expect(story.aborts).toEqual(['chapters/1#1', 'side#1']);
  });
});

describe('a failed attempt', () => {
  it('is made again after a wait that doubles, until the tries are used up', () => {
    const plan = planOf([{ id: 'write', retry: { attempts: 4, delayMs: 1_000, maxDelayMs: 3_000 } }]);
    const story = Story.started(plan);
    for (const [attempt, full] of [
      [1, 1_000],
      [2, 2_000],
      [3, 3_000],
    ] as const) {
      const failedAt = Date.parse(story.now);
      story.fails('write');
      expect(story.task('write')).toMatchObject({ state: 'pending', attempt });
      const waited = Date.parse(story.task('write').retryAt!) - failedAt;
      expect(waited).toBeGreaterThanOrEqual(full / 2);
      expect(waited).toBeLessThanOrEqual(full);
      expect(story.fires('retry').executes).toEqual([`write#${attempt + 1}`]);
    }
    expect(story.fails('write').run).toMatchObject({
      state: 'failed',
      error: { code: 'PROVIDER_UNAVAILABLE' },
    });
  });

  it('is not made again when that cannot help', () => {
    expect(Story.started(planOf([{ id: 'write' }])).fails('write', { retryable: false }).run.state).toBe(
      'failed',
    );
  });

  it.each([
    [20_000, 20_000],
    [3_600_000, 60_000],
  ])('waits as long as the service asks: %i ms gives %i ms', (retryAfterMs, waited) => {
    const story = Story.started(planOf([{ id: 'write' }])).fails('write', { retryAfterMs });
    expect(Date.parse(story.task('write').retryAt!) - Date.parse(story.now)).toBe(waited);
  });

  it('tasks that failed together do not come back together, and the waits are the same every time', () => {
    const waitsOf = (): Array<string | null> => {
      const plan = planOf([{ id: 'w', forEach: each('inputs.list', 10) }]);
      const story = Story.started(plan, { list: [0, 1, 2, 3, 4, 5, 6, 7] });
      for (let index = 0; index < 8; index++) story.fails(`w/${index}`);
      return story.stage('w').tasks.map(({ retryAt }) => retryAt);
    };
    expect(new Set(waitsOf()).size).toBeGreaterThan(5);
    expect(waitsOf()).toEqual(waitsOf());
  });

  it('keeps its place while it waits: no further item begins', () => {
    const story = Story.started(planOf([WIDE]), { list: [1, 2, 3] }).fails('chapters/0');
    expect(story.executes).toEqual([]);
    expect(story.gives('chapters/1').executes).toEqual(['chapters/2#1']);
  });
});

describe('a report that comes too late changes nothing', () => {
  const hold = { worker: 'w1', fence: 1 };
  const about = {
    ...hold,
    task: 'write',
    output: 1,
    artifacts: [],
    usage: null,
    inputDigest: null,
    reused: false,
  };
  const error = { code: 'X', message: 'x', retryable: false };

  it.each<[string, (story: Story) => void]>([
    ['of an attempt that was given up', (s) => s.fails('write').fires('retry')],
    ['of a cancelled run', (s) => s.does({ type: 'cancel', actor: ANNA })],
    ['of a task that is done', (s) => s.gives('write')],
    ['of a task that waits for its retry', (s) => s.fails('write')],
  ])('%s', (_, happens) => {
    const story = Story.started(planOf([{ id: 'write' }, { id: 'build' }]));
    happens(story);
    const { run } = story;
    story.does({ type: 'task-succeeded', attempt: 1, ...about });
    story.does({ type: 'task-failed', task: 'write', attempt: 1, ...hold, error, usage: null });
    story.does({ type: 'task-started', task: 'write', attempt: 1, worker: 'w1' });
    expect(story.run).toBe(run);
  });

  it.each(['nowhere', 'write/3', 'constructor', '__proto__', ''])('of an unknown task "%s"', (task) => {
    const story = Story.started(planOf([{ id: 'write' }]));
    story.does({ type: 'task-succeeded', attempt: 1, ...about, task });
    expect(story.facts).toEqual([]);
  });

  it('of an attempt that another process executes too: the first one counts', () => {
    const story = Story.started(planOf([{ id: 'write' }, { id: 'build' }])).gives('write', 'first');
    story.does({ type: 'task-succeeded', attempt: 1, ...about, output: 'second' });
    expect(story.stage('write').output).toBe('first');
  });

  it('a start that nobody reported is recorded with the end', () => {
    const story = Story.started(planOf([{ id: 'write' }])).gives('write');
    expect(story.told.slice(0, 2)).toEqual(['task.started', 'task.completed']);
  });
});

describe('a task that goes from one worker to another', () => {
  const late = (story: Story, hold: ReturnType<Story['hold']>) => [
    story.does({ type: 'task-failed', ...hold, error: failure, usage: null }).told,
    story.does({ type: 'tool-called', ...hold, tool: 'x' }).told,
    story.does({ type: 'task-released', ...hold }).told,
    story.does({ type: 'task-succeeded', ...hold, ...given }).told,
  ];
  const failure = { code: 'X', message: 'x', retryable: false };
  const given = { output: 'late', artifacts: [], usage: null, inputDigest: null, reused: false };

  it('hears nothing more of the one that was given up for dead', () => {
    const story = Story.started(planOf([{ id: 'write' }])).begins('write');
    const dead = story.hold('write');
    story.isCutOff('write');
    expect(late(story, dead)).toEqual([[], [], [], []]);
    expect(story.task('write')).toMatchObject({ state: 'processing', work: { worker: 'w2', fence: 2 } });
    expect(story.gives('write', 'second').stage('write').output).toBe('second');
  });

  it('waits for another one when it is given back, which counts neither as a try nor as a crash', () => {
    const story = Story.started(planOf([{ id: 'write' }]))
      .begins('write')
      .later(2_000);
    const gave = story.hold('write');
    for (let times = 0; times < 2 * MAX_INTERRUPTIONS; times += 1) {
      expect(story.isReleased('write').executes).toEqual(['write#1']);
      expect(story.task('write')).toMatchObject({ state: 'queued', work: { worker: null, ms: 2_000 } });
      story.begins('write');
    }
    expect(late(story, gave)).toEqual([[], [], [], []]);
    expect(story.gives('write').run.state).toBe('done');
    expect(story.replayed).toStrictEqual(story.run);
  });

  it('is under way with the last one that took it, of end actions too', () => {
    const end = { uses: 'http/request', if: null, with: {} };
    const story = Story.started(planOf([{ id: 'write' }], { onComplete: [end] })).gives('write');
    const about = { index: 0, attempt: 1 };
    for (const worker of ['w1', 'w2']) story.does({ type: 'end-action-taken', ...about, worker });
    expect(story.run.endActions[0]).toMatchObject({ state: 'processing', worker: 'w2', fence: 2 });
    expect(story.does({ type: 'end-action-succeeded', ...about, fence: 1, output: 1 }).told).toEqual([]);
    expect(story.does({ type: 'end-action-succeeded', ...about, fence: 2, output: 2 }).told).toEqual([
      'end-action.completed',
    ]);
    expect(story.does({ type: 'end-action-taken', ...about, worker: 'w3' }).told).toEqual([]);
  });
});

describe('a task whose process ends while it works', () => {
  const working = (): Story => Story.started(planOf([{ id: 'write' }, { id: 'build' }])).begins('write');

  it('is taken up again as the same attempt, until that ended three processes in a row', () => {
    const story = working();
    for (let times = 1; times < MAX_INTERRUPTIONS; times += 1) {
      expect(story.isCutOff('write').told).toEqual(['task.interrupted']);
      expect(story.task('write')).toMatchObject({ state: 'processing', attempt: 1 });
    }
    expect(story.isCutOff('write').told).toEqual([
      'task.interrupted',
      'task.failed',
      'stage.failed',
      'run.failed',
    ]);
    expect(story.run).toMatchObject({
      state: 'failed',
      error: { code: 'TASK_QUARANTINED', retryable: false },
    });
    expect(header(story.plan, story.run, 'w1').open).toBe(false);
  });

  it('gets three new chances when a person retries the run', () => {
    const story = working();
    for (let times = 0; times < MAX_INTERRUPTIONS; times += 1) story.isCutOff('write');
    story.does({ type: 'retry', actor: ANNA }).begins('write');
    expect(story.isCutOff('write').isCutOff('write').task('write').state).toBe('processing');
    expect(story.gives('write', 'text').executes).toEqual(['build#1']);
  });

  it('is not blamed for ends that an attempt came through', () => {
    const story = working().isCutOff('write').isCutOff('write').fails('write').fires('retry').begins('write');
    expect(story.isCutOff('write').isCutOff('write').task('write')).toMatchObject({
      state: 'processing',
      attempt: 2,
    });
  });

  it('counts as worked only for the time that is known: up to the last sign of life', () => {
    const story = working().later(2_000).callsTool('write').later(3_600_000).isCutOff('write').later(1_000);
    expect(story.fails('write').task('write').work).toEqual({
      toolCalls: 1,
      ms: 3_000,
      since: null,
      interruptions: 0,
      worker: null,
      fence: 2,
    });
    story.fires('retry').begins('write').callsTool('write');
    expect(story.task('write').work).toMatchObject({ toolCalls: 2, ms: 3_000 });
  });

  it.each(['task-interrupted', 'tool-called'] as const)(
    'changes nothing by a %s that comes too late',
    (type) => {
      const story = working().gives('write');
      expect(
        story.does({ type, task: 'write', attempt: 1, worker: 'w1', fence: 1, tool: 'x' }).facts,
      ).toEqual([]);
      const queued = Story.started(planOf([{ id: 'write' }]));
      expect(
        queued.does({ type, task: 'write', attempt: 1, worker: 'w1', fence: 1, tool: 'x' }).facts,
      ).toEqual([]);
    },
  );
});

describe('the header of a run', () => {
  it('is open while an end action works, and not while it waits for its retry', () => {
    const end = { uses: 'http/request', if: null, with: {} };
    const story = Story.started(planOf([{ id: 'write' }], { onComplete: [end] })).gives('write');
    expect(header(story.plan, story.run, 'w1').open).toBe(true);
    const error = { code: 'UPSTREAM_DOWN', message: 'down', retryable: true };
    story.does({ type: 'end-action-failed', index: 0, attempt: 1, fence: 0, error });
    expect(header(story.plan, story.run, 'w1').open).toBe(false);
    expect(header(story.plan, story.fires('end-action-retry').run, 'w1').open).toBe(true);
  });
});
