import type { Failure } from '@stagewright/engine';

import type { Evidence } from './evidence.ts';
import { factsOf, only } from './evidence.ts';

const CODE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** O7: whatever failed for good says with which code, in which attempt, why, and what to do next. */
export function failuresExplained({ runs }: Evidence): string[] {
  return runs.flatMap((run) => {
    const facts = factsOf(run);
    const stages = only(facts, 'stage.failed').map(({ stage, error }) => ({ what: stage, error }));
    const tasks = only(facts, 'task.failed')
      .filter(({ retryAt }) => retryAt === null)
      .map(({ task, attempt, error }) => ({ what: `${task} attempt ${attempt}`, error }));
    return [...stages, ...tasks].flatMap(({ what, error }) =>
      lacking(error).map((lack) => `run ${run.id}: ${what} failed without ${lack}`),
    );
  });
}

function lacking({ code, message, hint }: Failure): string[] {
  return [
    ...(CODE.test(code) ? [] : ['a code']),
    ...(message === '' ? ['a cause'] : []),
    ...(hint === undefined || hint === '' ? [`a next step (${code})`] : []),
  ];
}
