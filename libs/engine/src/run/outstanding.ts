import type { Plan } from '../template/plan.ts';
import type { RunCommand } from './event.ts';
import type { Run } from './run.ts';
import { timersOf } from './timers.ts';

/**
 * Every command that a process must carry out when it takes the run over: attempts that were under way are executed
 * again under the same number, timers are set again, those that are due too. Nothing else is needed to go on.
 */
export function outstanding(plan: Plan, run: Run): RunCommand[] {
  const timers = timersOf(plan, run).map((timer): RunCommand => ({ type: 'set-timer', timer }));
  return [...attemptsUnderWay(run), ...endActionsUnderWay(run), ...timers];
}

function attemptsUnderWay(run: Run): RunCommand[] {
  return Object.values(run.stages).flatMap((stage) => {
    // Tasks of a form are queued too, but it is a person who works on them: their stage is `input_pending`.
    if (stage.state !== 'running' || stage.tally.active === 0) return [];
    return stage.tasks
      .filter(({ state }) => state === 'queued' || state === 'processing')
      .map(({ id, attempt }): RunCommand => ({ type: 'execute', task: id, attempt }));
  });
}

function endActionsUnderWay(run: Run): RunCommand[] {
  return run.endActions.flatMap(({ state, attempt }, index): RunCommand[] =>
    state === 'processing' ? [{ type: 'execute-end-action', index, attempt }] : [],
  );
}
