import { cursorOf, placeOf } from '../../../apps/server/dist/runs/dto/list-cursor.js';
import { fillRuns } from '../fill-runs.ts';
import { figure, quantile } from '../row.ts';
import type { Figure } from '../row.ts';
import type { Stand } from '../stand.ts';

const FIRST = { skip: 0, limit: 50 };

/** What people look at, among very many runs: lists, the inbox, a run. One reader, one read after the other. */
export async function reads(stand: Stand, quick: boolean): Promise<() => Figure[]> {
  // The embedded database is for one person: it gets a tenth.
  const count = (quick ? 50_000 : 1_000_000) / (stand.deployment === 'pglite' ? 10 : 1);
  const { waiting, middle } = await fillRuns(stand, count);
  const { runs, approvals, owner } = stand;
  const after = cursorOf(middle);
  const id = middle.run;
  const looks: Record<string, () => Promise<unknown>> = {
    runs_first_page: () => runs.list(owner, FIRST),
    runs_deep_page: () => runs.list(owner, { ...FIRST, after }),
    runs_by_common_state: () => runs.list(owner, { ...FIRST, state: 'done' }),
    runs_by_rare_state: () => runs.list(owner, { ...FIRST, state: 'failed' }),
    runs_by_template: () => runs.list(owner, { ...FIRST, template: 'p10k' }),
    runs_by_rare_template: () => runs.list(owner, { ...FIRST, template: 'form', after }),
    runs_by_template_and_state: () => runs.list(owner, { ...FIRST, template: 'p10k', state: 'running' }),
    inbox_first_page: () => approvals.list(owner, FIRST),
    inbox_by_template: () => approvals.list(owner, { ...FIRST, template: 'form' }),
    run_with_stages: () => runs.get(owner, id),
    run_attempts: () => runs.attempts(owner, id, FIRST),
  };
  const figures = [figure('runs', count, 'runs'), figure('waiting', waiting, 'runs')];
  for (const [name, look] of Object.entries(looks)) {
    const samples = await timesOf(look, quick ? 50 : 200);
    figures.push(figure(`${name}_p50`, quantile(samples, 0.5), 'ms'));
    figures.push(figure(`${name}_p99`, quantile(samples, 0.99), 'ms'));
  }
  await checkDeepPage(stand, after);
  return () => figures;
}

async function timesOf(look: () => Promise<unknown>, count: number): Promise<number[]> {
  for (let warm = 0; warm < 5; warm += 1) await look();
  const samples: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const begun = performance.now();
    await look();
    samples.push(performance.now() - begun);
  }
  return samples;
}

/** Throws unless the page is full and all of it lies behind its cursor. */
async function checkDeepPage({ runs, owner }: Stand, after: string): Promise<void> {
  const { items } = await runs.list(owner, { ...FIRST, after });
  const place = placeOf(after);
  if (items.length !== FIRST.limit || items.some(({ createdAt }) => createdAt > (place?.at ?? '')))
    throw new Error('The deep page is not what lies behind its cursor.');
}
