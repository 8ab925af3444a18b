/**
 * The deployments that are measured: one process on its embedded database; one process on PostgreSQL; and on PostgreSQL
 * and Redis a server that leaves all work to a worker, so that every run passes the queue.
 */
export const DEPLOYMENTS = ['pglite', 'postgres', 'bull'] as const;
export type Deployment = (typeof DEPLOYMENTS)[number];

export const WORKS = ['W5', 'F200', 'P10k', 'cold-start', 'reads', 'registry'] as const;
export type Work = (typeof WORKS)[number];

/** One measured figure; `--json` writes a list of these. */
export interface BenchRow {
  deployment: Deployment;
  work: Work | 'floor';
  metric: string;
  value: number;
  unit: string;
  /** Against what the database does by itself, measured just before and after; null where that says nothing. */
  ratioToFloor: number | null;
}

/** What a measurement hands over; who ran it and on what is added by the caller. */
export type Figure = Omit<BenchRow, 'deployment' | 'work'>;

export function figure(metric: string, value: number, unit: string, ratioToFloor?: number): Figure {
  return { metric, value, unit, ratioToFloor: ratioToFloor ?? null };
}

/** The value below which the share `q` of the samples lies. */
export function quantile(samples: number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/** The rows as lines for a terminal. */
export function table(rows: BenchRow[]): string {
  const cells = rows.map((row) => [
    row.deployment,
    row.work,
    row.metric,
    readable(row.value),
    row.unit,
    row.ratioToFloor === null ? '' : `${row.ratioToFloor.toFixed(2)} x floor`,
  ]);
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => align(cell, widths[column]!, column === 3))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function align(cell: string, width: number, right: boolean): string {
  return right ? cell.padStart(width) : cell.padEnd(width);
}

function readable(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2);
}
