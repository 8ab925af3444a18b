/**
 * `npm run bench`: what a run costs, beside what the database alone does in the same minutes. Read the ratios: the
 * absolute figures are this machine's.
 *
 *     npm run bench -- --deployments pglite,postgres,bull --works W5,F200 --repeat 3 --quick --json FILE --cpu-prof FOLDER
 *
 * PostgreSQL is the server of TEST_DATABASE_URL; databases are made on it and dropped. Redis is the one of
 * TEST_REDIS_URL; the keys of those databases are made in it and deleted. What does not answer is left out.
 */
import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { whyNot } from './available.ts';
import type { DeploymentOrder } from './deployment.ts';
import { DEPLOYMENTS, quantile, table, WORKS } from './row.ts';
import type { BenchRow, Deployment } from './row.ts';

const { values } = parseArgs({
  options: {
    deployments: { type: 'string', default: DEPLOYMENTS.join(',') },
    works: { type: 'string', default: WORKS.join(',') },
    repeat: { type: 'string', default: '1' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    'cpu-prof': { type: 'string' },
  },
});

const deployments: Deployment[] = [];
for (const deployment of chosen(values.deployments, DEPLOYMENTS)) {
  const reason = await whyNot(deployment);
  if (reason === null) deployments.push(deployment);
  else process.stderr.write(`${deployment} is left out: ${reason}.\n`);
}
const collected: BenchRow[] = [];
for (let round = 0; round < Number(values.repeat); round += 1) {
  for (const deployment of deployments) {
    collected.push(
      ...(await measure({ deployment, works: chosen(values.works, WORKS), quick: values.quick })),
    );
  }
}
const rows = medians(collected);
process.stdout.write(`${table(rows)}\n`);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);

function chosen<T extends string>(list: string, known: readonly T[]): T[] {
  return list.split(',').map((name) => {
    const found = known.find((one) => one.toLowerCase() === name.trim().toLowerCase());
    if (found === undefined) throw new Error(`Unknown: "${name}". Known: ${known.join(', ')}.`);
    return found;
  });
}

function measure(order: DeploymentOrder): Promise<BenchRow[]> {
  const profile =
    values['cpu-prof'] === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values['cpu-prof']}`];
  const child = fork(fileURLToPath(new URL('./deployment.ts', import.meta.url)), [JSON.stringify(order)], {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning', ...profile],
  });
  const rows: BenchRow[] = [];
  child.on('message', (message) => {
    const told = message as BenchRow[];
    rows.push(...told);
    process.stderr.write(`${table(told)}\n\n`);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(rows);
      else reject(new Error(`Measuring ${order.deployment} ended with exit code ${code}.`));
    });
  });
}

/** One row for each figure: the median over the rounds, of its ratio too. */
function medians(all: BenchRow[]): BenchRow[] {
  const groups = new Map<string, BenchRow[]>();
  for (const row of all) {
    const key = JSON.stringify([row.deployment, row.work, row.metric]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((group) => {
    const ratios = group.flatMap(({ ratioToFloor }) => (ratioToFloor === null ? [] : [ratioToFloor]));
    const value = quantile(
      group.map((row) => row.value),
      0.5,
    );
    return { ...group[0]!, value, ratioToFloor: ratios.length === 0 ? null : quantile(ratios, 0.5) };
  });
}
