import type { Evidence, RunHistory } from './evidence.ts';
import { factsOf } from './evidence.ts';

/** O5: what people read about attempts is what the journal says: none is missing, none is made up. */
export function recordsAgree({ runs }: Evidence): string[] {
  return runs.flatMap((run) => {
    const told = outcomes(run);
    const kept = new Map(run.attempts.map((one) => [`${one.task} ${one.attempt}`, one.state]));
    return [
      ...[...told].flatMap(([name, state]) =>
        kept.get(name) === state
          ? []
          : [
              `run ${run.id}: the journal says ${name} is ${state}, its record ${kept.get(name) ?? 'is missing'}`,
            ],
      ),
      ...[...kept.keys()]
        .filter((name) => !name.startsWith('end-action:') && !told.has(name))
        .map((name) => `run ${run.id}: there is a record of ${name}, and no such attempt`),
    ];
  });
}

function outcomes(run: RunHistory): Map<string, string> {
  const told = new Map<string, string>();
  for (const fact of factsOf(run)) {
    if (!('task' in fact) || !('attempt' in fact)) continue;
    const name = `${fact.task} ${fact.attempt}`;
    if (fact.type === 'task.started') told.set(name, 'processing');
    if (fact.type === 'task.completed') told.set(name, 'done');
    if (fact.type === 'task.failed') told.set(name, 'failed');
    if (fact.type === 'task.cancelled' && told.has(name)) told.set(name, 'cancelled');
  }
  return told;
}
