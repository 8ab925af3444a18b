import { createIsolation } from '@stagewright/engine/isolation';
import { coverageOf } from '@stagewright/engine/testing';
import type { TemplateCoverage } from '@stagewright/engine/testing';
import type { CheckedTemplate } from '@stagewright/engine/template';
import type { Isolation } from '@stagewright/engine';
import type { Comparison, Side } from '../registry/compare-revisions.ts';
import { replayTemplate } from './recorded-prompts.ts';
import type { Replayed } from './recorded-prompts.ts';

/** The recorded cases of one template on both sides. */
export interface ReplayedTemplate {
  name: string;
  /** What the cases of HEAD reach of it; null when it does not compile there, so that nothing can be played. */
  coverage: TemplateCoverage | null;
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
      head.checked.templates.map(async (template) => {
        const { name } = template;
        const isDifferent = different.has(name);
        const before = isDifferent ? await replayTemplate(base, name, isolation) : [];
        return { name, isDifferent, base: before, ...(await replayHead(template, head, isolation)) };
      }),
    );
  } finally {
    await isolation.close();
  }
}

async function replayHead(
  { name, plan }: CheckedTemplate,
  side: Side,
  isolation: Isolation,
): Promise<Pick<ReplayedTemplate, 'head' | 'coverage'>> {
  const head = await replayTemplate(side, name, isolation);
  const results = head.map(({ result }) => result);
  return { head, coverage: plan === null ? null : coverageOf({ plan, files: side.files }, results) };
}
