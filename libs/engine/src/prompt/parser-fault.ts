import { badSyntax } from './prompt.errors.ts';
import type { PromptFault } from './prompt.errors.ts';
import { lastTokenColumn } from './prompt-nesting.ts';

/** What Handlebars' parser stopped at. It reports the line in its message, or as properties when a closing tag does not match. */
export function parserFault(error: unknown, skippedLines: number): PromptFault {
  const facts = error as { message: string; lineNumber?: number; column?: number };
  const lines = facts.message.split('\n');
  const inText = /on line (\d+)/.exec(lines[0] ?? '');
  const line = (facts.lineNumber ?? Number(inText?.[1] ?? 1)) + skippedLines;
  const pointer = lines.findIndex((entry) => /^-*\^$/.test(entry));
  const near = pointer > 0 ? ` near "${(lines[pointer - 1] ?? '').trim()}"` : '';
  const said = inText
    ? `${(lines.at(-1) ?? '').replace(/^Expecting .*, got '(.*)'$/, (_all, got: string) => `unexpected ${tokenName(got)}`)}${near}`
    : (lines[0] ?? '').replace(/ - \d+:\d+$/, '');
  const column = (facts.column ?? lastTokenColumn()) + 1;
  return badSyntax(said.replace(/\.$/, ''), { line, column, endLine: line, endColumn: column });
}

const TOKEN_NAMES: Record<string, string> = {
  EOF: 'end of the file: a block is not closed',
  CLOSE: '}}',
  INVALID: 'character',
  OPEN_ENDBLOCK: '{{/',
};
const tokenName = (token: string): string => TOKEN_NAMES[token] ?? token.toLowerCase().replaceAll('_', ' ');
