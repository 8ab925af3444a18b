import Handlebars from 'handlebars';
import { MAX_PROMPT_DEPTH } from './prompt-limits.ts';

/** The part of Handlebars' generated lexer that is used here; its type declarations leave it out. */
interface Lexer {
  yy: object;
  yylloc: { first_line: number; first_column: number };
  setInput(text: string): void;
  lex(): number | string | undefined;
}
interface LexingParser {
  lexer: Lexer;
  terminals_: Record<number, string>;
}

const parser = (Handlebars as unknown as { Parser: LexingParser }).Parser;
const OPENS = new Set(['OPEN_BLOCK', 'OPEN_INVERSE', 'OPEN_PARTIAL_BLOCK', 'OPEN_RAW_BLOCK']);
const CLOSES = new Set(['OPEN_ENDBLOCK', 'END_RAW_BLOCK']);

/**
 * Where blocks, `else if` links and parentheses nest deeper than allowed; null when they do not.
 *
 * Handlebars' parser needs time that grows with the square of the nesting (40 s for 64 KiB of parentheses), so the
 * nesting is counted on the tokens of its own lexer, which is linear, before the parser sees the text.
 */
export function excessiveNesting(text: string): { line: number; column: number } | null {
  const { lexer, terminals_: names } = parser;
  lexer.yy = {};
  lexer.setInput(text);
  const links: number[] = [];
  let parentheses = 0;
  let depth = 0;
  try {
    for (;;) {
      const token = lexer.lex();
      const name = typeof token === 'number' ? names[token] : token;
      if (name === undefined || name === 'EOF') return null;
      if (OPENS.has(name)) links.push(1);
      else if (CLOSES.has(name)) links.pop();
      else if (name === 'OPEN_INVERSE_CHAIN') links[links.length - 1] = (links.at(-1) ?? 0) + 1;
      else if (name === 'OPEN_SEXPR') parentheses += 1;
      else if (name === 'CLOSE_SEXPR') parentheses = Math.max(0, parentheses - 1);
      else continue;
      depth = OPENS.has(name) || name === 'OPEN_INVERSE_CHAIN' ? depth + 1 : total(links);
      if (depth + parentheses > MAX_PROMPT_DEPTH) {
        return { line: lexer.yylloc.first_line, column: lexer.yylloc.first_column + 1 };
      }
    }
  } catch {
    // Not a token of Handlebars: the parser stops at the same place and says so with its position.
    return null;
  }
}

const total = (links: number[]): number => links.reduce((sum, link) => sum + link, 0);

/** 0-based column of the token that the lexer gave last: where the parser stopped, right after it has thrown. */
export const lastTokenColumn = (): number => parser.lexer.yylloc.first_column;
