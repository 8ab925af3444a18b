import { notRecordable } from './recording.errors.ts';
import type { JournalEntry, RunFact } from '../run/fact.ts';
import type { RecordedComment, RecordedDecision } from '../template/schema/test-schema.ts';
import type { Json, ReviewComment, StageId } from '../vocabulary.ts';

/** What people decided in a run, in order, and the deadlines that passed. Throws `TEST_NOT_RECORDABLE`. */
export function decisionsIn(entries: JournalEntry[]): RecordedDecision[] {
  const reading = new Reading();
  return entries.flatMap((entry) => [
    ...resets(entry.facts),
    ...entry.facts.flatMap((fact) => reading.read(fact)),
  ]);
}

/** A retry, or a rerun from the first stage that is made anew. */
function resets(facts: RunFact[]): RecordedDecision[] {
  const anew = facts.filter((fact) => fact.type === 'stage.reset');
  const from = anew.find(({ reason }) => reason === 'rerun');
  if (from !== undefined) return [{ do: 'rerun', stage: from.stage }];
  return anew.some(({ reason }) => reason === 'retry') ? [{ do: 'retry' }] : [];
}

class Reading {
  /** Number of tasks of each stage in its last round; null for a single task. */
  readonly #items = new Map<StageId, number | null>();
  readonly #atWork = new Set<string>();
  /** The form that was just handed in: its answer is told by the next fact of its task. */
  #form: { stage: StageId; task: string } | null = null;
  #pausedFor: 'asked' | 'budget' | null = null;

  read(fact: RunFact): RecordedDecision[] {
    switch (fact.type) {
      case 'run.upgraded':
        throw notRecordable('it went on under another revision');
      case 'run.cancelled':
        return this.#cancelled();
      case 'run.paused':
        this.#pausedFor = fact.reason;
        return [];
      case 'run.resumed':
        return this.#resumed(fact.budgetUsd);
      case 'stage.started':
        this.#items.set(fact.stage, fact.items?.length ?? null);
        return [];
      case 'stage.advanced':
        return [{ do: 'next-stage', stage: fact.stage }];
      default:
        return [...this.#ofGate(fact), ...this.#ofTask(fact)];
    }
  }

  #ofGate(fact: RunFact): RecordedDecision[] {
    switch (fact.type) {
      case 'approval.given': {
        const { stage, comment } = fact;
        return [{ do: 'approve', stage, ...(comment !== null && { comments: [comment] }) }];
      }
      case 'changes.requested':
        return [this.#changes(fact)];
      case 'approval.escalated':
        return [{ do: 'miss-deadline', stage: fact.stage }];
      case 'approval.completed':
        return fact.by === 'deadline' ? [{ do: 'miss-deadline', stage: fact.stage }] : [];
      case 'stage.failed':
        return fact.error.code === 'APPROVAL_TIMEOUT' ? [{ do: 'miss-deadline', stage: fact.stage }] : [];
      default:
        return [];
    }
  }

  #ofTask(fact: RunFact): RecordedDecision[] {
    switch (fact.type) {
      case 'task.started':
        this.#atWork.add(fact.task);
        return [];
      case 'task.failed':
      case 'task.cancelled':
      case 'task.released':
        this.#atWork.delete(fact.task);
        return [];
      case 'input.submitted':
        this.#form = { stage: fact.stage, task: fact.task };
        return [];
      case 'task.completed':
        this.#atWork.delete(fact.task);
        return this.#submitted(fact.task, fact.output);
      default:
        return [];
    }
  }

  #submitted(task: string, input: Json): RecordedDecision[] {
    if (this.#form?.task !== task) return [];
    const { stage } = this.#form;
    this.#form = null;
    return [{ do: 'submit-input', stage, ...(this.#isList(stage) && { task }), input }];
  }

  #changes({ stage, comments, tasks }: Extract<RunFact, { type: 'changes.requested' }>): RecordedDecision {
    const isAll = tasks.length === (this.#items.get(stage) ?? 1);
    return { do: 'request-changes', stage, comments: comments.map(short), ...(!isAll && { tasks }) };
  }

  #cancelled(): RecordedDecision[] {
    if (this.#atWork.size > 0)
      throw notRecordable(`it was cancelled while ${[...this.#atWork].join(', ')} was at work`);
    return [{ do: 'cancel' }];
  }

  /** A pause that somebody asked for changes nothing of what came of the run. */
  #resumed(budgetUsd: number | undefined): RecordedDecision[] {
    const isBudget = this.#pausedFor === 'budget';
    this.#pausedFor = null;
    return isBudget || budgetUsd !== undefined
      ? [{ do: 'resume', ...(budgetUsd !== undefined && { budgetUsd }) }]
      : [];
  }

  #isList(stage: StageId): boolean {
    return (this.#items.get(stage) ?? null) !== null;
  }
}

/** A remark without an anchor is a text. */
function short(comment: ReviewComment): RecordedComment {
  return Object.keys(comment).length === 1 ? comment.body : comment;
}
