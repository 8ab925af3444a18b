import { createIsolation } from '@stagewright/engine/isolation';
import type { Comparison } from '../registry/compare-revisions.ts';
import { replayTemplate } from './recorded-prompts.ts';
import type { Replayed } from './recorded-prompts.ts';

/** The recorded cases of one template on both sides. */
export interface ReplayedTemplate {
  name: string;
  /** Whether it compiles on HEAD: otherwise nothing can be played. */
  compiles: boolean;
  /** Whether anything that goes into a run is different; then `base` has the cases of BASE. */
  isDifferent: boolean;
  base: Replayed[];
  head: Replayed[];
}

/** Replays all cases of HEAD, and those of BASE for the templates that are different. No model, no key. */
export async function replaySides({ base, head, diff }: Comparison): Promise<ReplayedTemplate[]> {
  const different = new Set(
    diff.templates.filter(({ state }) => state === 'changed').map(({ name }) => name),
  );
  const isolation = createIsolation();
  try {
    return await Promise.all(
      head.checked.templates.map(async ({ name, plan }) => ({
        name,
        compiles: plan !== null,
        isDifferent: different.has(name),
        base: different.has(name) ? await replayTemplate(base, name, isolation) : [],
        head: await replayTemplate(head, name, isolation),
      })),
    );
  } finally {
    await isolation.close();
  }
}
