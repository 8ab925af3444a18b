import type { Value } from '../template/plan.ts';
import type { Json } from '../vocabulary.ts';
import { splitText } from './split-text.ts';

/**
 * A value of a template with its `${{ }}` cut out: a text that is one expression keeps the type of its result. A text
 * with an expression that is not closed stays a literal; checking has refused it.
 */
export function parseValue(value: Json): Value {
  if (typeof value === 'string') return parseText(value);
  if (Array.isArray(value)) {
    const items = value.map(parseValue);
    return items.every((item) => item.kind === 'literal')
      ? { kind: 'literal', value }
      : { kind: 'list', items };
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, entry]): [string, Value] => [key, parseValue(entry)]);
    if (entries.every(([, entry]) => entry.kind === 'literal')) return { kind: 'literal', value };
    return { kind: 'map', entries: Object.fromEntries(entries) };
  }
  return { kind: 'literal', value };
}

function parseText(text: string): Value {
  const { parts, problems } = splitText(text);
  if (problems.length > 0 || parts.every((part) => part.kind === 'text'))
    return { kind: 'literal', value: text };
  const solid = parts.filter((part) => part.kind === 'expression' || part.text.trim() !== '');
  const [only] = solid;
  if (solid.length === 1 && only?.kind === 'expression')
    return { kind: 'expression', source: only.text.trim() };
  return {
    kind: 'text',
    parts: parts.map((part) => (part.kind === 'text' ? part.text : { source: part.text.trim() })),
  };
}
