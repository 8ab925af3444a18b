import { stringify } from 'yaml';
import type { Json } from '@stagewright/engine';

const WIDTH = 100;

/** A value as a person reads it: text as it is, everything else as YAML, with long texts as blocks. */
export function readable(value: Json): string {
  if (typeof value === 'string') return value.trimEnd();
  return stringify(value, {
    lineWidth: WIDTH,
    blockQuote: 'literal',
    aliasDuplicateObjects: false,
  }).trimEnd();
}

/** The first lines of a text, and how many there are more. */
export function excerpt(text: string, most: number): string {
  const lines = text.split('\n');
  if (lines.length <= most) return text;
  return [...lines.slice(0, most), `... ${lines.length - most} more lines`].join('\n');
}
