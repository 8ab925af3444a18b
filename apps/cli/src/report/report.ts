import type { Finding } from '@stagewright/engine';
import type { Comparison } from '../registry/compare-revisions.ts';
import type { Reach } from '../registry/reach-of.ts';
import { diffSection } from './diff-section.ts';
import { inline } from './markdown.ts';
import { replaySides } from './replay-sides.ts';
import type { ReplayedTemplate } from './replay-sides.ts';
import { costSection, findingsSection, stagesSection, testsSection } from './sections.ts';

export interface Report {
  /** No finding is an error, all cases pass, and every version was raised by enough. */
  ok: boolean;
  markdown: string;
  findings: Finding[];
  replayed: ReplayedTemplate[];
}

/** By this line a comment is found again, so that there is one for each pull request. */
export const MARKER = '<!-- stagewright-report -->';
/** A comment on GitHub takes 65,536 characters. */
const MOST_CHARACTERS = 60_000;

/** Everything that a reviewer of a pull request wants to know of it, as Markdown. */
export async function makeReport(comparison: Comparison, reach: Reach[]): Promise<Report> {
  const { base, head, diff } = comparison;
  const { findings } = head.checked;
  const replayed = await replaySides(comparison);
  const failed = replayed.some((template) => template.head.some(({ result }) => !result.passed));
  const ok = diff.ok && !failed && !findings.some(({ severity }) => severity === 'error');
  const lines = [
    MARKER,
    `## ${ok ? '✅' : '❌'} Stagewright: ${inline(sideText(base))} → ${inline(sideText(head))}`,
    '',
    ...diffSection(diff, reach),
    ...findingsSection(findings),
    ...testsSection(replayed),
    ...costSection(replayed),
    ...stagesSection(replayed),
  ];
  return { ok, markdown: cut(lines), findings, replayed };
}

function sideText({ name, commit }: Comparison['base']): string {
  return commit === null || commit.startsWith(name) ? name.slice(0, 40) : `${name} (${commit.slice(0, 12)})`;
}

/** Whole lines only, with what is open closed again. What matters most comes first. */
function cut(lines: string[]): string {
  const whole = lines.join('\n');
  if (whole.length <= MOST_CHARACTERS) return whole;
  const kept: string[] = [];
  let size = 0;
  for (const line of lines) {
    size += line.length + 1;
    if (size > MOST_CHARACTERS) break;
    kept.push(line);
  }
  return [
    ...kept,
    ...closing(kept),
    '',
    '*This report was cut: run `stagewright report` for all of it.*',
  ].join('\n');
}

function closing(lines: string[]): string[] {
  let fence: string | null = null;
  let open = 0;
  for (const line of lines) {
    const found = /^(`{3,})/.exec(line.trim())?.[1];
    if (fence !== null) fence = line.trim() === fence ? null : fence;
    else if (found !== undefined) fence = found;
    else open += line.includes('<details>') ? 1 : line.includes('</details>') ? -1 : 0;
  }
  return [...(fence === null ? [] : [fence]), ...Array.from({ length: open }, () => '\n</details>')];
}
