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

/** The server counts no farther. */
const COUNTED_AT_MOST = 1_000;

/** `next`: where the page after this one begins. */
export function renderRunList(runs: RunSummary[], total: number, next: string | null): string {
  if (runs.length === 0) return 'No runs.';
  const rows = runs.map((run) => [
    run.id,
    run.template,
    run.state,
    `${run.progress} %`,
    run.createdAt.slice(0, 19),
    run.title,
  ]);
  const all = total < COUNTED_AT_MOST ? String(total) : `${total} or more`;
  const onward = next === null ? '' : ` The next ones: --after ${next}`;
  const more = total > runs.length ? `\n${runs.length} of ${all} runs.${onward}` : '';
  return `${table([['RUN', 'TEMPLATE', 'STATE', 'DONE', 'CREATED', 'TITLE'], ...rows])}${more}`;
}
