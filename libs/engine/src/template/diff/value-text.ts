import type { Json } from '../../vocabulary.ts';
import type { Value } from '../plan.ts';

const SHORT = 80;

/** A value of a template as one would write it: literals as JSON, expressions in `${{ }}`. */
export function valueText(value: Value): string {
  const written = plain(value);
  return typeof written === 'string' ? written : JSON.stringify(written, null, 2);
}

/** In one line, cut where it is long. */
export function short(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > SHORT ? `${text.slice(0, SHORT - 3)}...` : text;
}

/** Times as a template has them: `48h`, `90s`. */
export function durationText(ms: number): string {
  const units: Array<[string, number]> = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ];
  const [unit, size] = units.find(([, length]) => ms >= length && ms % length === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

function plain(value: Value): Json {
  switch (value.kind) {
    case 'literal':
      return value.value;
    case 'expression':
      return `\${{ ${value.source} }}`;
    case 'text':
      return textOf(value);
    case 'list':
      return value.items.map(plain);
    case 'map':
      return Object.fromEntries(Object.entries(value.entries).map(([key, entry]) => [key, plain(entry)]));
  }
}

function textOf({ parts }: Extract<Value, { kind: 'text' }>): string {
  return parts.map((part) => (typeof part === 'string' ? part : `\${{ ${part.source} }}`)).join('');
}
