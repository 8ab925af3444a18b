import type { Instant, RunState } from '@stagewright/engine';
import { table } from './format.ts';

/** A run in a list. */
export interface RunSummary {
  id: string;
  title: string;
  template: string;
  state: RunState;
  progress: number;
  createdAt: Instant;
}

export function renderRunList(runs: RunSummary[], total: number): string {
  if (runs.length === 0) return 'No runs.';
  const rows = runs.map((run) => [
    run.id,
    run.template,
    run.state,
    `${run.progress} %`,
    run.createdAt.slice(0, 19),
    run.title,
  ]);
  const more = total > runs.length ? `\n${runs.length} of ${total} runs.` : '';
  return `${table([['RUN', 'TEMPLATE', 'STATE', 'DONE', 'CREATED', 'TITLE'], ...rows])}${more}`;
}
