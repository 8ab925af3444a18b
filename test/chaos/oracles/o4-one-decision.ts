import type { Decision, Evidence, RunHistory } from './evidence.ts';
import { factsOf, only } from './evidence.ts';

/** O4: one decision for each gate, and no more than one confirmed; one run for each submit. */
export function oneDecision({ runs, decisions, submits }: Evidence): string[] {
  return [...runs.flatMap(decidedTwice), ...confirmedTwice(decisions), ...manyRuns(runs, submits)];
}

function decidedTwice(run: RunHistory): string[] {
  const facts = factsOf(run);
  const gates = [...only(facts, 'approval.completed'), ...only(facts, 'changes.requested')];
  return repeated(gates.map(({ stage, round }) => `${stage} round ${round}`)).map(
    (gate) => `run ${run.id}: ${gate} was decided more than once`,
  );
}

function confirmedTwice(decisions: Decision[]): string[] {
  return repeated(decisions.map(({ run, stage, round }) => `run ${run}: ${stage} round ${round}`)).map(
    (gate) => `${gate}: two decisions were confirmed`,
  );
}

function manyRuns(runs: RunHistory[], submits: Evidence['submits']): string[] {
  const asked = new Set(submits.flatMap(({ ids }) => ids));
  return [
    ...submits.flatMap(({ key, ids }) =>
      new Set(ids).size > 1
        ? [`submit ${key} was answered with several runs: ${[...new Set(ids)].join(', ')}`]
        : [],
    ),
    ...runs.filter(({ id }) => !asked.has(id)).map(({ id }) => `run ${id} is there and belongs to no submit`),
  ];
}

function repeated(items: string[]): string[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))];
}
