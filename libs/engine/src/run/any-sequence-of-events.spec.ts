import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import { ANNA, AUTHOR, BEN, CLEO, each, gateOf, lockOf, planOf } from '../../../../test/support/run/story.ts';
import type { Sketch } from '../../../../test/support/run/story.ts';
import { World } from '../../../../test/support/run/world.ts';
import type { Plan } from '../template/plan.ts';
import { RunRefused, VERB_STATES, openReviews, replay } from './index.ts';
import type { RunVerb, VerbName } from './index.ts';

const INPUTS = { none: [], two: ['a', 'b'], five: [1, 2, 3, 4, 5], yes: true, no: false };
const RUNS = { numRuns: 1_500 };

const anyGate = fc.record({
  approvers: fc.constantFrom<string[]>([], ['role:approver'], ['user:ben'], ['codeowners']),
  quorum: fc.constantFrom(1, 1, 2),
  selfApproval: fc.boolean(),
  deadlineMs: fc.constantFrom(null, 60_000),
  onDeadline: fc.constantFrom(null, 'escalate' as const, 'approve' as const, 'fail' as const),
  maxAttempts: fc.constantFrom(1, 2, 5),
});

const anyForEach = fc.constantFrom(
  null,
  null,
  each('inputs.none'),
  each('inputs.two', 1),
  each('inputs.five', 2),
);

const anySketch = fc.record({
  mode: fc.constantFrom('system' as const, 'system' as const, 'manual' as const),
  forEach: anyForEach,
  if: fc.constantFrom(null, null, null, 'inputs.yes', 'inputs.no'),
  approval: fc.option(anyGate.map((gate) => gateOf(gate))),
  advance: fc.constantFrom('auto' as const, 'auto' as const, 'manual' as const),
  final: fc.constantFrom(false, false, false, true),
  retry: fc.constantFrom(1, 3).map((attempts) => ({ attempts, delayMs: 1_000, maxDelayMs: 60_000 })),
  /** Which of the earlier stages it needs, as bits; null for the one before. */
  bits: fc.option(fc.nat(15)),
});

const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    stages: fc.array(anySketch, { minLength: 1, maxLength: 5 }),
    budget: fc.constantFrom(
      null,
      null,
      { usd: 3, onExceed: 'ask' as const },
      { usd: 3, onExceed: 'fail' as const },
    ),
    ends: fc.constantFrom(0, 1, 2),
  })
  .map(({ stages, budget, ends }) =>
    planOf(
      stages.map(({ bits, ...stage }, index): Sketch => {
        const needs = [...'abcde'.slice(0, index)].filter((_, bit) => ((bits ?? 0) >> bit) & 1);
        return { id: 'abcde'[index]!, ...stage, ...(bits === null ? {} : { needs }) };
      }),
      {
        budget,
        owners: ['ben'],
        onComplete: Array.from({ length: ends }, () => ({ uses: 'http/request', if: null, with: {} })),
      },
    ),
  );

/** One step, by numbers: what they mean depends on what there is at that moment. */
const anyStep = fc.record({
  kind: fc.constantFrom(
    'report',
    'report',
    'report',
    'start',
    'start',
    'late',
    'fenced',
    'release',
    'timer',
    'old-timer',
    'end',
    'verb',
    'verb',
    'crash',
    'wait',
  ),
  how: fc.constantFrom(
    'gives' as const,
    'gives' as const,
    'gives' as const,
    'fails' as const,
    'breaks' as const,
    'doubts' as const,
  ),
  verb: fc.constantFrom(...(Object.keys(VERB_STATES) as VerbName[])),
  actor: fc.constantFrom(ANNA, BEN, CLEO, AUTHOR),
  which: fc.nat(7),
  stale: fc.constantFrom(0, 0, 0, 0, -1, 1),
  usd: fc.constantFrom(0, 0, 1),
});
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

function verbOf(world: World, { verb, actor, which, stale }: Step): RunVerb {
  const waiting = world.plan.stages.filter(({ id }) => /pending|ready/.test(world.run.stages[id]!.state));
  const pool = which % 2 === 0 && waiting.length > 0 ? waiting : world.plan.stages;
  const stage = pool[which % pool.length]!.id;
  const { round, tasks } = world.run.stages[stage]!;
  const task = tasks[which % Math.max(1, tasks.length)]?.id;
  switch (verb) {
    case 'approve':
      return { type: verb, actor, stage, round: round + stale };
    case 'request-changes':
      return {
        type: verb,
        actor,
        stage,
        round: round + stale,
        comments: [{ body: 'No', ...(which > 4 ? { task } : {}) }],
      };
    case 'submit-input':
      return { type: verb, actor, stage, input: which, ...(task === undefined ? {} : { task }) };
    case 'next-stage':
      return { type: verb, actor, stage };
    case 'rerun':
      return { type: verb, actor, from: stage };
    case 'upgrade':
      return { type: verb, actor, lock: lockOf(world.plan) };
    case 'resolve':
      return resolveOf(world, which) ?? { type: verb, actor, task: stage, attempt: 1, outcome: 'done' };
    default:
      return { type: verb, actor };
  }
}

/** An answer to one of the outcomes that are in doubt; undefined when none is. */
function resolveOf(world: World, which: number): RunVerb | undefined {
  const reviews = openReviews(world.run);
  const one = reviews[which % Math.max(1, reviews.length)];
  const outcome = (['done', 'repeat', 'fail'] as const)[which % 3]!;
  return one && { type: 'resolve', actor: ANNA, task: one.task, attempt: one.attempt, outcome };
}

function take(world: World, step: Step, nextPlan: Plan): void {
  const { kind, how, which, usd } = step;
  const oneOf = <T>(list: T[]): T | undefined => list[which % Math.max(1, list.length)];
  const timer = oneOf(kind === 'old-timer' ? world.everTimed : world.timers);
  const late = oneOf(world.everExecuted);
  const held = oneOf(world.everHeld);
  switch (kind) {
    case 'report':
      return world.reports(which % Math.max(1, world.executes.length), how, usd);
    case 'start':
      return world.starts(which % Math.max(1, world.executes.length));
    case 'late':
      return late === undefined ? undefined : world.reportsOn(late, how);
    case 'fenced':
      return held === undefined ? undefined : world.isFenced(held);
    case 'release':
      return world.releases(which % Math.max(1, world.executes.length));
    case 'timer':
    case 'old-timer':
      return timer === undefined ? undefined : world.fires(timer);
    case 'end':
      return world.endActionReports(0, how);
    case 'crash':
      return world.crash();
    case 'wait':
      world.now = new Date(Date.parse(world.now) + 500).toISOString();
      return;
    default:
      tryVerb(world, verbOf(world, step), step.verb === 'upgrade' && which > 3 ? nextPlan : world.plan);
  }
}

/** A verb may be refused; nothing else may go wrong. */
function tryVerb(world: World, verb: RunVerb, plan = world.plan): boolean {
  try {
    world.send(verb, plan);
    return true;
  } catch (error) {
    if (error instanceof RunRefused) return false;
    throw error;
  }
}

/** People who answer everything and services that work: what any run comes to its end with. */
function bringToEnd(world: World, crashAt: number): void {
  let retries = 1;
  for (let step = 0; step < 400; step++) {
    if (step === crashAt) world.crash();
    const { state } = world.run;
    if (world.executes.length > 0) world.reports(0, 'gives');
    else if (world.endActions.length > 0) world.endActionReports(0, 'gives');
    else if (state === 'draft') world.send({ type: 'start', actor: AUTHOR });
    else if (state === 'paused') world.send({ type: 'resume', actor: ANNA });
    else if (resolves(world, step) || answers(world)) continue;
    else if (world.timers.length > 0) world.fires(world.timers[0]!);
    else if (retries-- > 0 && tryVerb(world, { type: 'retry', actor: ANNA })) continue;
    else return;
  }
  throw new Error('The run does not come to its end.');
}

function resolves(world: World, step: number): boolean {
  const verb = resolveOf(world, step % 2);
  return verb !== undefined && tryVerb(world, verb);
}

function answers(world: World): boolean {
  return world.plan.stages.some(({ id: stage }) => {
    const { state, round, tasks } = world.run.stages[stage]!;
    const task = tasks.find((each) => each.state === 'queued')?.id;
    if (state === 'approval_pending') {
      return [ANNA, BEN, CLEO].some((actor) => tryVerb(world, { type: 'approve', actor, stage, round }));
    }
    if (state === 'input_pending')
      return tryVerb(world, { type: 'submit-input', actor: ANNA, stage, task, input: 1 });
    return state === 'ready' && tryVerb(world, { type: 'next-stage', actor: ANNA, stage });
  });
}

describe('any sequence of events', () => {
  it('keeps every rule of the run, and the journal tells the same run', () => {
    fc.assert(
      fc.property(anyPlan, anyPlan, fc.array(anyStep, { maxLength: 60 }), (plan, nextPlan, steps) => {
        const world = new World(plan, INPUTS);
        world.send({ type: 'start', actor: AUTHOR });
        for (const step of steps) take(world, step, nextPlan);
        expect(replay('run-1', structuredClone(world.entries))).toStrictEqual(world.run);
      }),
      RUNS,
    );
  });

  it('leaves a run that comes to its end, also when the process dies on the way', () => {
    fc.assert(
      fc.property(anyPlan, fc.array(anyStep, { maxLength: 40 }), fc.nat(30), (plan, steps, crashAt) => {
        const world = new World(plan, INPUTS);
        for (const step of steps) take(world, step, plan);
        bringToEnd(world, crashAt);
        // A quorum that the people of this test cannot reach is the one reason to wait on.
        const stuck = world.run.state === 'approval_pending' && world.timers.length === 0;
        if (!stuck) expect(['done', 'failed', 'cancelled']).toContain(world.run.state);
      }),
      RUNS,
    );
  });

  it('decides the same when asked twice', () => {
    fc.assert(
      fc.property(anyPlan, fc.array(anyStep, { maxLength: 40 }), (plan, steps) => {
        const worlds = [new World(plan, INPUTS), new World(plan, INPUTS)] as const;
        for (const world of worlds) {
          world.send({ type: 'start', actor: AUTHOR });
          for (const step of steps) take(world, step, plan);
        }
        expect(worlds[0].entries).toStrictEqual(worlds[1].entries);
      }),
      { numRuns: 200 },
    );
  });
});
