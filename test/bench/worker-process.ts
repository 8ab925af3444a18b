/**
 * A worker with the bench's action, in a process of its own: what `stagewright worker` is, but that it tells its parent
 * of the runs, as a client of the server would hear of them by live events. Forked by `far-worker.ts`.
 */
import type { Engine, RunId, RunState } from '@stagewright/engine';

import { WorkerModule } from '../../apps/server/dist/worker.module.js';
import { ENGINE } from '../../apps/server/dist/runs/engine.tokens.js';
import { countStatements } from './counters.ts';
import { measuresHere } from './measures.ts';
import type { Measures } from './measures.ts';
import { openModule } from './modules.ts';
import type { Place } from './modules.ts';

/** What its parent asks of it. */
export type Question = { id: number; settled: boolean } | 'close';
/** What it tells. */
export type Told =
  { entries: Array<{ run: RunId; state: RunState }> } | { id: number; measures: Measures } | 'works';

countStatements();
const module = await openModule(
  (settings) => WorkerModule.with(settings),
  JSON.parse(process.argv[2]!) as Place,
);
const engine = module.get<Engine>(ENGINE, { strict: false });

let entries: Array<{ run: RunId; state: RunState }> = [];
engine.onEntry(({ run, state }) => {
  // Most entries are steps of a run that goes on: nobody waits for those.
  if (state === 'running') return;
  if (entries.push({ run, state }) === 1) setImmediate(tellEntries);
});

process.on('message', (question: Question) => {
  if (question === 'close') return void module.close().then(() => process.disconnect());
  const { id, settled } = question;
  void measuresHere(engine, { settled }).then((measures) => tell({ id, measures }));
});
tell('works');

/** What one statement brought goes in one message. */
function tellEntries(): void {
  const told = entries;
  entries = [];
  tell({ entries: told });
}

function tell(told: Told): void {
  process.send?.(told);
}
