import type { Instant, RunFact, RunState, RunView, StageId, StageState, Usage } from '@stagewright/engine';

/** What a live view shows of a run: a small fold over the same facts that the run is made of. */
export interface RunProgress {
  title: string;
  template: string;
  state: RunState;
  /** 0..100 */
  percent: number;
  startedAt: Instant;
  spent: Usage;
  stages: StageProgress[];
}

export interface StageProgress {
  id: StageId;
  name: string;
  state: StageState;
  round: number;
  tasks: number;
  tasksDone: number;
  retries: number;
  startedAt: Instant | null;
  endedAt: Instant | null;
  note: string;
}

/** The view before anything happened; facts are then applied from the first one on. */
export function beginProgress(view: RunView): RunProgress {
  return {
    title: view.title,
    template: view.template,
    state: 'draft',
    percent: 0,
    startedAt: view.createdAt,
    spent: { inputTokens: 0, outputTokens: 0, usd: 0 },
    stages: view.stages.map(({ id, name }) => ({
      id,
      name,
      state: 'pending',
      round: 1,
      tasks: 0,
      tasksDone: 0,
      retries: 0,
      startedAt: null,
      endedAt: null,
      note: '',
    })),
  };
}

/** Folds one fact in, in place: a live view has one owner. */
export function applyFact(progress: RunProgress, fact: RunFact, at: Instant): void {
  if ('usage' in fact && fact.usage !== null) progress.spent = addUsage(progress.spent, fact.usage);
  if (!('stage' in fact) || fact.stage === null) return;
  const stage = progress.stages.find(({ id }) => id === fact.stage);
  if (stage === undefined) return;
  if ('round' in fact) stage.round = fact.round;
  applyStageFact(stage, fact, at);
}

function applyStageFact(stage: StageProgress, fact: RunFact, at: Instant): void {
  switch (fact.type) {
    case 'stage.started':
      Object.assign(stage, {
        state: 'running',
        tasks: fact.items?.length ?? 1,
        tasksDone: 0,
        startedAt: stage.startedAt ?? at,
        note: '',
      });
      return;
    case 'stage.completed':
      Object.assign(stage, { state: 'done', endedAt: at, note: '' });
      return;
    case 'stage.skipped':
    case 'stage.cancelled':
    case 'stage.ready':
      stage.state =
        fact.type === 'stage.skipped' ? 'skipped' : fact.type === 'stage.ready' ? 'ready' : 'cancelled';
      return;
    case 'stage.failed':
      Object.assign(stage, {
        state: 'failed',
        endedAt: at,
        note: `${fact.error.code}: ${fact.error.message}`,
      });
      return;
    case 'stage.reset':
      Object.assign(stage, { state: 'pending', tasksDone: 0, endedAt: null });
      return;
    case 'task.completed':
      stage.tasksDone += 1;
      return;
    case 'task.failed':
      if (fact.retryAt !== null)
        Object.assign(stage, { retries: stage.retries + 1, note: `${fact.error.code}, tried again` });
      return;
    case 'approval.requested':
      Object.assign(stage, { state: 'approval_pending', note: 'waits for approval' });
      return;
    case 'changes.requested':
      Object.assign(stage, { state: 'running', note: `changes: ${fact.comments[0]?.body ?? ''}` });
      if (fact.tasks.length > 0) stage.tasksDone = Math.max(0, stage.tasks - fact.tasks.length);
      return;
    case 'input.requested':
      Object.assign(stage, { state: 'input_pending', note: 'waits for input' });
      return;
    default:
      return;
  }
}

export function addUsage(sum: Usage, more: Usage): Usage {
  return {
    inputTokens: sum.inputTokens + more.inputTokens,
    outputTokens: sum.outputTokens + more.outputTokens,
    usd: sum.usd === null || more.usd === null ? null : sum.usd + more.usd,
  };
}
