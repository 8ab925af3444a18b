import { factsOf, only } from '../oracles/evidence.ts';
import type { Evidence, FaultRecord } from '../oracles/evidence.ts';
import type { StormResult } from './storm.ts';

/** A storm on one screen: what was done to whom, what became of the runs, and what each oracle says. */
export function summaryOf(result: StormResult): string {
  const { evidence, facts, seed, breaches, surprises } = result;
  const verdicts = Object.entries(breaches).flatMap(([name, found]) => [
    `  ${name}  ${found.length === 0 ? 'holds' : `BROKEN, ${found.length} times`}`,
    ...found.slice(0, 5).map((breach) => `        ${breach}`),
  ]);
  return [
    `Storm with seed ${seed}: ${failed(result) ? 'FAILED' : 'passed'} after ${seconds(facts.tookMs)}`,
    '',
    `  runs        ${states(evidence)}; all at rest ${seconds(facts.settledMs)} after the last fault`,
    `  people      ${evidence.decisions.length} decisions, ${facts.races} races, ${facts.retries} retries of failed runs`,
    `  effects     ${new Set(evidence.deliveries.map(({ key }) => key)).size} keys, ${evidence.deliveries.length} deliveries`,
    `  interrupted ${interruptions(evidence)} times a process was gone over a task`,
    `  starts      ${Object.entries(facts.starts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
    `  SIGTERM     ${facts.terminations.length} times, at most ${seconds(Math.max(0, ...facts.terminations))}`,
    '',
    '  fault                 ordered   came   hit work',
    ...faultTable(result),
    '',
    ...verdicts,
    ...surprises.slice(0, 10).map((surprise) => `  SURPRISE  ${surprise}`),
  ].join('\n');
}

/** Whether an oracle was broken, or something was met that nobody expects. */
export function failed({ breaches, surprises }: Pick<StormResult, 'breaches' | 'surprises'>): boolean {
  return Object.values(breaches).flat().length > 0 || surprises.length > 0;
}

function faultTable({ schedule, evidence: { faults } }: StormResult): string[] {
  const kinds = [...new Set(schedule.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => {
    const came: FaultRecord[] = faults.filter((fault) => fault.kind === kind && fault.hit);
    const hits = came.filter(({ openRuns }) => openRuns > 0).length;
    const ordered = schedule.filter((fault) => fault.kind === kind).length;
    return `  ${kind.padEnd(20)} ${String(ordered).padStart(8)} ${String(came.length).padStart(6)} ${String(hits).padStart(10)}`;
  });
}

function states({ runs }: Evidence): string {
  const counts = new Map<string, number>();
  for (const { state } of runs) counts.set(state, (counts.get(state) ?? 0) + 1);
  return `${runs.length}: ${[...counts].map(([state, count]) => `${count} ${state}`).join(', ')}`;
}

function interruptions({ runs }: Evidence): number {
  return runs.reduce((sum, run) => sum + only(factsOf(run), 'task.interrupted').length, 0);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
