import { MAX_INTERRUPTIONS, outstanding, progress } from '../../../libs/engine/src/run/index.ts';
import type { Run, RunFact } from '../../../libs/engine/src/run/index.ts';
import type { Plan } from '../../../libs/engine/src/template/plan.ts';
import type { RunState, TaskId, TaskState } from '../../../libs/engine/src/vocabulary.ts';

/** The ways of a task's state, by fact: from which states it may come, and where it goes. */
const TASK_WAYS: Partial<Record<RunFact['type'], { from: TaskState[]; to: TaskState }>> = {
  'task.queued': { from: ['pending'], to: 'queued' },
  'input.requested': { from: ['pending'], to: 'queued' },
  'task.started': { from: ['queued'], to: 'processing' },
  'input.submitted': { from: ['queued'], to: 'processing' },
  'input.kept': { from: ['pending'], to: 'processing' },
  'task.completed': { from: ['processing'], to: 'done' },
  'task.failed': { from: ['processing'], to: 'failed' },
  'review.requested': { from: ['processing'], to: 'pending' },
  'review.resolved': { from: ['pending'], to: 'processing' },
  'task.interrupted': { from: ['processing'], to: 'processing' },
  'task.released': { from: ['processing'], to: 'queued' },
  'tool.answered': { from: ['processing'], to: 'processing' },
  'tool.called': { from: ['processing'], to: 'processing' },
  'task.cancelled': { from: ['pending', 'queued', 'processing'], to: 'cancelled' },
};

const RUN_WAYS: Record<RunState, RunState[]> = {
  draft: ['running', 'approval_pending', 'input_pending', 'paused', 'done', 'failed', 'cancelled'],
  running: ['approval_pending', 'input_pending', 'paused', 'done', 'failed', 'cancelled'],
  approval_pending: ['running', 'input_pending', 'paused', 'done', 'failed', 'cancelled'],
  input_pending: ['running', 'approval_pending', 'paused', 'done', 'failed', 'cancelled'],
  paused: ['running', 'approval_pending', 'input_pending', 'done', 'failed', 'cancelled'],
  done: ['running', 'approval_pending', 'input_pending', 'paused', 'failed'],
  failed: ['running', 'approval_pending', 'input_pending', 'paused', 'done'],
  cancelled: [],
};

/** A decision, from the run before it to the run after it. */
export interface Step {
  before: Run;
  run: Run;
  plan: Plan;
  facts: RunFact[];
  executing: ReadonlyArray<{ task: TaskId; attempt: number }>;
}

/** What must hold at every step of a run. A broken rule is thrown as an error that names it. */
export class Laws {
  readonly #attempts = new Map<TaskId, number>();
  readonly #completed = new Set<string>();
  /** Tasks and end actions that nobody may make again before a person has looked. */
  readonly #doubts = new Set<string>();

  /** Of the facts of one decision. */
  checkFacts(before: Run, facts: RunFact[]): void {
    const states = new Map<TaskId, TaskState>();
    const stateOf = (task: TaskId): TaskState =>
      states.get(task) ??
      before.stages[task.split('/')[0]!]?.tasks.find(({ id }) => id === task)?.state ??
      'pending';
    for (const fact of facts) {
      if (fact.type === 'stage.reset' || fact.type === 'changes.requested') {
        for (const { id, state } of before.stages[fact.stage]?.tasks ?? []) {
          const again =
            fact.type === 'stage.reset'
              ? fact.reason !== 'retry' || state !== 'done'
              : fact.tasks.includes(id);
          if (again) states.set(id, 'pending');
        }
      }
      if (fact.type === 'approval.completed' || fact.type === 'approval.kept')
        this.#once(`approval ${fact.stage} ${fact.round}`);
      if (fact.type === 'changes.requested') this.#once(`approval ${fact.stage} ${fact.round}`);
      if (fact.type === 'stage.completed' || fact.type === 'stage.started') {
        this.#once(`${fact.type} ${fact.stage} ${fact.round}`);
      }
      this.#checkDoubts(fact);
      const way = TASK_WAYS[fact.type];
      if (way === undefined || !('task' in fact)) continue;
      must(way.from.includes(stateOf(fact.task)), `${fact.type} of ${fact.task} from ${stateOf(fact.task)}`);
      const isPending =
        (fact.type === 'task.failed' && fact.retryAt !== null) ||
        (fact.type === 'review.resolved' && fact.outcome === 'repeat');
      states.set(fact.task, isPending ? 'pending' : way.to);
      this.#checkAttempt(fact);
    }
  }

  /** Every attempt has a number of its own: the next one is one more, whatever happened in between. */
  #checkAttempt(fact: Extract<RunFact, { task: TaskId }>): void {
    const last = this.#attempts.get(fact.task) ?? 0;
    if (fact.type === 'task.queued' || fact.type === 'input.kept')
      must(fact.attempt === last + 1, `attempt ${fact.attempt} of ${fact.task} after ${last}`);
    if (fact.type === 'task.queued' || fact.type === 'input.requested' || fact.type === 'input.kept')
      this.#attempts.set(fact.task, last + 1);
    else if ('attempt' in fact)
      must(fact.attempt === last, `${fact.type} of attempt ${fact.attempt}, not ${last}`);
  }

  /** What may have had its effect is not done again unless somebody says so. */
  #checkDoubts(fact: RunFact): void {
    switch (fact.type) {
      case 'review.requested':
        return void this.#doubts.add(fact.task);
      case 'end-action.doubted':
        return void this.#doubts.add(`end-action:${fact.index}`);
      case 'review.resolved':
      case 'task.cancelled':
        return void this.#doubts.delete(fact.task);
      case 'end-action.resolved':
        return void this.#doubts.delete(`end-action:${fact.index}`);
      case 'task.queued':
        return must(!this.#doubts.has(fact.task), `${fact.task} was made again in doubt`);
      case 'end-action.started':
        return must(!this.#doubts.has(`end-action:${fact.index}`), `end action ${fact.index} again in doubt`);
      case 'run.upgraded':
      case 'stage.reset':
        return must(
          (fact.type === 'stage.reset' && fact.reason === 'retry') || this.#doubts.size === 0,
          `${fact.type} in doubt`,
        );
      default:
        return;
    }
  }

  #once(what: string): void {
    must(!this.#completed.has(what), `${what} happened twice`);
    this.#completed.add(what);
  }

  /** Of what a decision made of the run; `executing` is what somebody was asked to carry out. */
  checkRun({ before, run, plan, facts, executing }: Step): void {
    must(
      before.state === run.state || RUN_WAYS[before.state].includes(run.state),
      `${before.state} -> ${run.state}`,
    );
    for (const [id, { tasks, tally, state }] of Object.entries(run.stages)) {
      const count = (...states: TaskState[]): number =>
        tasks.filter((task) => states.includes(task.state)).length;
      must(tally.total === tasks.length - count('skipped'), `total of ${id}`);
      must(tally.left === tally.total - count('done'), `left of ${id}`);
      must(tally.reviews === tasks.filter(({ review }) => review !== null).length, `reviews of ${id}`);
      must(tally.active === count('queued', 'processing'), `active of ${id}`);
      const planned = plan.stages.find((stage) => stage.id === id);
      const most = planned?.mode === 'manual' ? Infinity : (planned?.forEach?.concurrency ?? 1);
      must(tally.active <= most, `concurrency of ${id}`);
      for (const { id: task, state: taskState, work } of tasks) {
        const cutOff = work.interruptions;
        must(taskState !== 'processing' || cutOff < MAX_INTERRUPTIONS, `${task} was taken up too often`);
        must(
          (taskState === 'processing') === (work.since !== null),
          `${task} is ${taskState} since ${work.since}`,
        );
      }
      if (state === 'done') must(tally.left === 0, `${id} is done with ${tally.left} tasks left`);
    }
    if (
      !facts.some(
        ({ type }) => type === 'stage.reset' || type === 'changes.requested' || type === 'run.upgraded',
      )
    ) {
      must(progress(plan, run) >= progress(plan, before), 'progress fell');
    }
    must((progress(plan, run) === 100) === (run.state === 'done'), '100 percent means done');
    const wanted = outstanding(plan, run).flatMap((each) =>
      each.type === 'execute' ? `${each.task}#${each.attempt}` : [],
    );
    const known = new Set(executing.map(({ task, attempt }) => `${task}#${attempt}`));
    for (const each of wanted)
      must(known.has(each), `${each} is outstanding, but nobody was asked to execute it`);
    if (run.state !== 'done') {
      for (const each of known)
        must(wanted.includes(each), `${each} is being executed, but is not outstanding`);
    }
  }
}

export function must(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`Rule broken: ${rule}.`);
}
