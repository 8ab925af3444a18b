import { digestOf } from '../template/canonical.ts';
import type { ProvenanceQuestion, Told } from './provenance-of.ts';
import type { Step } from './statement.ts';
import type { RunFact } from '../run/fact.ts';
import type { TaskId } from '../vocabulary.ts';

type Completed = Extract<RunFact, { type: 'task.completed' }>;
interface Made {
  fact: Completed;
  at: string;
}

/** Every output that was there when the file was written, with the try that made it. */
export function stepsOf(made: Told[], { answeredBy }: Pick<ProvenanceQuestion, 'answeredBy'>): Step[] {
  const present = new Map<TaskId, { made: Made; reused: boolean }>();
  const makers = new Map<string, Made>();
  let stages: string[] = [];
  for (const { at, fact } of made) {
    if (fact.type === 'run.created' || fact.type === 'run.upgraded') stages = fact.outline.stages;
    if (fact.type === 'stage.started') drop(present, (task) => isBeyond(task, fact));
    if (fact.type !== 'task.completed') continue;
    const key = `${fact.stage} ${fact.inputDigest ?? ''}`;
    const maker = fact.reused ? makers.get(key) : undefined;
    if (!fact.reused) makers.set(key, { fact, at });
    present.set(fact.task, { made: maker ?? { fact, at }, reused: fact.reused });
  }
  drop(present, (task) => !stages.includes(stageOf(task)));
  const order = ([a]: [TaskId, unknown], [b]: [TaskId, unknown]): number =>
    stages.indexOf(stageOf(a)) - stages.indexOf(stageOf(b)) || indexOf(a) - indexOf(b);
  return [...present].sort(order).map(([task, { made: from, reused }]): Step => {
    const { stage, round, attempt, inputDigest, output } = from.fact;
    const answer = answeredBy(from.fact.task, attempt);
    return {
      stage,
      task,
      round,
      attempt,
      finishedOn: from.at,
      inputDigest,
      outputDigest: digestOf({ output }),
      provider: answer?.provider ?? null,
      model: answer?.model ?? null,
      reused,
    };
  });
}

/** Tasks of the stage that its new, shorter list has not. */
function isBeyond(task: TaskId, { stage, items }: Extract<RunFact, { type: 'stage.started' }>): boolean {
  return stageOf(task) === stage && items !== null && indexOf(task) >= items.length;
}

function drop<T>(present: Map<TaskId, T>, unwanted: (task: TaskId) => boolean): void {
  for (const task of present.keys()) if (unwanted(task)) present.delete(task);
}

function stageOf(task: TaskId): string {
  return task.split('/')[0] ?? task;
}

function indexOf(task: TaskId): number {
  return Number(task.split('/')[1] ?? 0);
}
