import { parsePattern } from './pattern-parser.ts';
import type { CharClass, PatternNode } from './pattern-parser.ts';
import type { Random } from './random.ts';
import { lengthOf } from './text-length.ts';

export interface PatternOptions {
  minLength: number;
  maxLength: number;
  /** Text whose characters are taken where the pattern allows them, so that the result stays readable. */
  seed: string;
  random: Random;
}

/**
 * A string that matches the pattern and has a length between the bounds. Undefined when the pattern uses what this does
 * not know (look-around, back references), or when no length fits.
 */
export function textForPattern(pattern: string, options: PatternOptions): string | undefined {
  const node = parsePattern(pattern);
  if (node === undefined) return undefined;
  const budgets = [
    lengthOf(options.seed),
    ...Array.from({ length: Math.min(options.minLength, 4000) + 65 }, (_, index) => index),
  ];
  for (const budget of budgets) {
    const text = write(node, { budget, seed: [...options.seed], at: 0, random: options.random });
    const length = lengthOf(text);
    if (length >= options.minLength && length <= options.maxLength) return text;
  }
  return undefined;
}

interface Writing {
  /** Repetitions beyond the least that quantifiers may still take. */
  budget: number;
  seed: string[];
  at: number;
  random: Random;
}

function write(node: PatternNode, writing: Writing): string {
  switch (node.kind) {
    case 'empty':
      return '';
    case 'sequence':
      return node.parts.map((part) => write(part, writing)).join('');
    case 'choice':
      return write(writing.random.pick(node.options), writing);
    case 'class':
      return character(node.set, writing);
    case 'repeat': {
      const extra = Math.min(node.max - node.min, writing.budget);
      writing.budget -= extra;
      return Array.from({ length: node.min + extra }, () => write(node.node, writing)).join('');
    }
  }
}

/** The next character of the seed that the class allows, else one of the class. */
function character(set: CharClass, writing: Writing): string {
  for (let step = 0; step < writing.seed.length; step += 1) {
    const candidate = writing.seed[(writing.at + step) % writing.seed.length] ?? '';
    for (const form of [candidate, candidate.toLowerCase(), candidate.toUpperCase()]) {
      if (form.length === 1 && set.has(form.charCodeAt(0))) {
        writing.at = (writing.at + step + 1) % writing.seed.length;
        return form;
      }
    }
  }
  return set.any(writing.random);
}
