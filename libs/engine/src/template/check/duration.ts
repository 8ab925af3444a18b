import type { Report } from '../source/report.ts';
import { child } from '../source/source-node.ts';
import type { SourceNode } from '../source/source-node.ts';
import { templateFaults } from './template.errors.ts';

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `5m`, `48h`, `500ms`; null when it is not a duration. */
export function parseDuration(text: string): number | null {
  const [, digits, unit] = /^([1-9][0-9]{0,8})(ms|s|m|h|d)$/.exec(text) ?? [];
  const factor = UNITS[unit ?? ''];
  return digits === undefined || factor === undefined ? null : Number(digits) * factor;
}

interface Range {
  min: number;
  max: number;
  /** The range in words. */
  words: string;
}

export const RANGES = {
  timeout: { min: 1_000, max: 300_000, words: 'between 1s and 5m' },
  delay: { min: 1, max: 3_600_000, words: 'at most 1h' },
  deadline: { min: 1_000, max: 7_776_000_000, words: 'between 1s and 90d' },
} as const satisfies Record<string, Range>;

/** Checks the duration under a key of a mapping. */
export function checkDuration(
  owner: SourceNode | undefined,
  key: string,
  range: Range,
  report: Report,
): void {
  const node = child(owner, key);
  if (node === undefined || typeof node.value !== 'string' || !report.isSound(node)) return;
  const duration = parseDuration(node.value);
  if (duration === null || (duration >= range.min && duration <= range.max)) return;
  report.broken(node, templateFaults.duration(key, node.value, range.words));
}
