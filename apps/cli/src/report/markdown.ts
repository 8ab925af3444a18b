import type { DiffLine } from '@stagewright/engine/text';
import { printable } from '../terminal.ts';

/**
 * Markdown as GitHub shows it, made of texts that strangers wrote: what is in them stays text. Nobody is called by name, no
 * issue is linked, no markup or HTML of theirs counts.
 */

const MARKUP = /[\\`*_{}[\]|~#@!]|:\/\/|www\./g;

/** A text in one line of a paragraph, list or table. */
export function inline(text: string): string {
  return printable(text, false)
    .replace(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(MARKUP, (found) => APART[found] ?? `\\${found}`);
}

/** GitHub finds these in plain text and makes links of them; an empty comment takes them apart. */
const APART: Record<string, string> = {
  '@': '@<!-- -->',
  '#': '#<!-- -->',
  '://': ':<!-- -->//',
  'www.': 'www<!-- -->.',
};

/** A text as code, within a line. */
export function code(text: string): string {
  const plain = printable(text, false).replace(/\s+/g, ' ').trim();
  if (plain === '') return '``';
  const fence = '`'.repeat(longestRun(plain) + 1);
  const space = plain.startsWith('`') || plain.endsWith('`') ? ' ' : '';
  return `${fence}${space}${plain}${space}${fence}`;
}

/** A text as a block of code, whatever fences it holds. */
export function block(text: string, language = ''): string[] {
  const plain = printable(text, false);
  const fence = '`'.repeat(Math.max(3, longestRun(plain) + 1));
  return [`${fence}${language}`, ...plain.split('\n'), fence];
}

/** Lines that can be opened. GitHub needs the empty lines to read Markdown inside. */
export function details(summary: string, lines: string[]): string[] {
  return [`<details><summary>${summary}</summary>`, '', ...lines, '', '</details>', ''];
}

export function table(head: string[], rows: string[][]): string[] {
  // A pipe would end a cell, in code as well.
  const row = (cells: string[]): string =>
    `| ${cells.map((cell) => cell.replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row), ''];
}

/** Lines around a difference that are shown with it. */
const CONTEXT = 3;
const MOST_LINES = 160;
const MOST_CHARACTERS = 8_000;

/** A comparison as a block: what is the same for long is left out, and so is what would make it endless. */
export function diffBlock(lines: DiffLine[]): string[] {
  const shown: string[] = [];
  let size = 0;
  let skipped = false;
  for (const [index, { sign, text }] of lines.entries()) {
    const isNear = lines
      .slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1)
      .some((line) => line.sign !== ' ');
    if (!isNear) {
      skipped = true;
      continue;
    }
    if (shown.length >= MOST_LINES || size > MOST_CHARACTERS)
      return [...block(shown.join('\n'), 'diff'), '', '*There is more.*'];
    if (skipped) shown.push('@@ @@');
    skipped = false;
    shown.push(`${sign} ${text}`.slice(0, MOST_CHARACTERS).trimEnd());
    size += text.length;
  }
  return block(shown.join('\n'), 'diff');
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
