import type { AttemptRecord } from '@stagewright/engine';
import { diffLines } from '@stagewright/engine/text';
import { colours } from './colours.ts';
import { readable } from './readable.ts';

/** What changed between two results of one task: lines that went (`-`) and lines that came (`+`). */
export function renderComparison(before: AttemptRecord, after: AttemptRecord): string {
  const lines = diffLines(readable(before.output), readable(after.output)).map(({ sign, text }) => {
    const line = `${sign} ${text}`.trimEnd();
    if (sign === ' ') return line;
    return sign === '-' ? colours.red(line) : colours.green(line);
  });
  return [
    colours.bold(`${after.task}: round ${before.round} (-) and round ${after.round} (+)`),
    ...lines,
  ].join('\n');
}
