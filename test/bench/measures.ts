import { setTimeout as sleep } from 'node:timers/promises';

import type { Engine } from '@stagewright/engine';

import { statementsSent } from './counters.ts';

/** What a process has used and holds; of a stand, the sum over its processes. */
export interface Measures {
  /** Sent to the database so far. */
  statements: number;
  /** Processor time so far. */
  cpuMs: number;
  /** MiB that the system has given. */
  resident: number;
  /** MiB of it that hold something, within the heap of V8 and beside it. */
  inUse: number;
  runsInMemory: number;
}

/** Of this process. `settled`: after the garbage is gone, which needs `--expose-gc`. */
export async function measuresHere(engine: Engine, { settled = false } = {}): Promise<Measures> {
  for (let round = 0; settled && round < 3; round += 1) {
    globalThis.gc?.();
    await sleep(100);
  }
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    statements: statementsSent(),
    cpuMs: (user + system) / 1000,
    resident: rss / 1024 / 1024,
    inUse: (heapUsed + external) / 1024 / 1024,
    runsInMemory: engine.load.runs,
  };
}

export function sumOf(one: Measures, other: Measures): Measures {
  return {
    statements: one.statements + other.statements,
    cpuMs: one.cpuMs + other.cpuMs,
    resident: one.resident + other.resident,
    inUse: one.inUse + other.inUse,
    runsInMemory: one.runsInMemory + other.runsInMemory,
  };
}
