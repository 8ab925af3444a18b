import type { RunSummary, StagewrightClient } from '@stagewright/client';
import type { RegistryDiff } from '@stagewright/engine/template';
import { isMissing } from '../hosts/missing.ts';

/** Whom a change of a template touches on a server. Runs go on under the revision that they have: they may be upgraded. */
export interface Reach {
  name: string;
  /** Revisions with runs that have not ended, newest first. */
  revisions: Array<{ version: string; commit: string; digest: string; open: number }>;
  /** Runs that wait for a person; the newest of them. */
  waiting: Array<Pick<RunSummary, 'id' | 'title' | 'state'>>;
}

const ENDED = new Set(['done', 'failed', 'cancelled']);
const WAITING = ['approval_pending', 'input_pending', 'paused'] as const;
/** Waiting runs that are named, for each state. */
const NAMED = 10;

/** Asks a server about every template that is different. One that it does not know has no runs. */
export async function reachOf(client: StagewrightClient, { templates }: RegistryDiff): Promise<Reach[]> {
  const reached: Reach[] = [];
  for (const { name } of templates) {
    const usage = await client.templateUsage(name).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (usage === null) continue;
    const revisions = usage.items
      .map(({ version, commit, digest, runs }) => ({ version, commit, digest, open: openRuns(runs) }))
      .filter(({ open }) => open > 0);
    reached.push({ name, revisions, waiting: revisions.length === 0 ? [] : await waitingRuns(client, name) });
  }
  return reached;
}

function openRuns(runs: Record<string, number>): number {
  return Object.entries(runs).reduce((sum, [state, count]) => (ENDED.has(state) ? sum : sum + count), 0);
}

async function waitingRuns(client: StagewrightClient, template: string): Promise<Reach['waiting']> {
  const pages = await Promise.all(WAITING.map((state) => client.listRuns({ template, state, limit: NAMED })));
  return pages.flatMap(({ items }) => items.map(({ id, title, state }) => ({ id, title, state })));
}
