import type { ExpressionProblem } from './expression.errors.ts';

/** A piece of a text: plain, or the expression between `${{` and `}}`. `start` is where its own text begins. */
export interface TextPart {
  kind: 'text' | 'expression';
  text: string;
  start: number;
}

const OPEN = '${{';

/** Cuts a text at its `${{ }}`. A `}}` inside a string or a mapping of the expression does not end it. */
export function splitText(text: string): { parts: TextPart[]; problems: ExpressionProblem[] } {
  const parts: TextPart[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf(OPEN, at);
    if (open !== at) {
      const end = open === -1 ? text.length : open;
      parts.push({ kind: 'text', text: text.slice(at, end), start: at });
      at = end;
      continue;
    }
    const start = open + OPEN.length;
    const close = endOfExpression(text, start);
    if (close === -1) return { parts, problems: [unclosed(open, text)] };
    parts.push({ kind: 'expression', text: text.slice(start, close), start });
    at = close + 2;
  }
  return { parts, problems: [] };
}

function unclosed(start: number, text: string): ExpressionProblem {
  return {
    code: 'EXPRESSION_SYNTAX',
    message: 'The expression that begins with "${{" has no "}}".',
    hint: 'Close it with "}}".',
    start,
    end: text.length,
  };
}

function endOfExpression(text: string, start: number): number {
  let braces = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' || character === "'") {
      at = endOfString(text, at);
    } else if (character === '{') {
      braces += 1;
    } else if (character === '}') {
      if (braces === 0 && text[at + 1] === '}') return at;
      braces = Math.max(0, braces - 1);
    }
  }
  return -1;
}

/** Where the string literal that begins at `at` ends: its closing quote, or the end of the text. */
function endOfString(text: string, at: number): number {
  const quote = text[at];
  const raw = /[rR]$/.test(text.slice(Math.max(0, at - 1), at));
  for (let next = at + 1; next < text.length; next += 1) {
    if (text[next] === '\\' && !raw) next += 1;
    else if (text[next] === quote) return next;
  }
  return text.length;
}
