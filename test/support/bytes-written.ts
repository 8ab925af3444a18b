import type { Database, Statement } from '../../apps/server/src/database/database.ts';

/** A node of a plan, as EXPLAIN tells it. Its figures hold those of the nodes below it. */
interface PlanNode {
  'Node Type': string;
  'Subplan Name'?: string;
  'WAL Bytes'?: number;
  Plans?: PlanNode[];
}

/**
 * Bytes of log (WAL) that the rows of these statements take, by what PostgreSQL says of each of them: what else goes on at
 * the same server does not count. They are carried out anew: give it an empty database.
 */
export async function bytesWritten(
  database: Database,
  sent: Array<{ statement: Statement; values: unknown[] }>,
): Promise<number> {
  let bytes = 0;
  for (const { statement, values } of sent) {
    const text = `explain (analyze, wal, format json) ${statement.text}`;
    const [row] = await database.query<{ 'QUERY PLAN': Array<{ Plan: PlanNode }> }>(
      { name: '', text },
      values,
    );
    for (const { Plan } of row?.['QUERY PLAN'] ?? []) bytes += bytesOf(Plan);
  }
  return bytes;
}

/** Each change of rows counts for itself, without those that it read from. */
function bytesOf(node: PlanNode): number {
  const below = node.Plans ?? [];
  const read = below.filter((child) => child['Subplan Name'] === undefined);
  const own = (node['WAL Bytes'] ?? 0) - read.reduce((sum, child) => sum + (child['WAL Bytes'] ?? 0), 0);
  const changed = node['Node Type'] === 'ModifyTable' ? own : 0;
  return changed + below.reduce((sum, child) => sum + bytesOf(child), 0);
}
