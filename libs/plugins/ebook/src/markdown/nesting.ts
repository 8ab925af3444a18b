const MAX_MARKS = 20;
const BRACKETS = /[[\]]{40,}/g;
const EMPHASIS = /([*_~])\1{39,}/g;

/**
 * Shortens runs of Markdown marks that no person writes and that make every parser recurse or search quadratically:
 * thousands of `>` or list marks on one line, or of brackets and stars side by side.
 */
export function limitNesting(text: string): string {
  return text
    .split('\n')
    .map((line) => limitLine(line))
    .join('\n');
}

function limitLine(line: string): string {
  const marks = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/.exec(line)?.[0];
  const limited = marks === undefined ? line : shortenMarks(marks) + line.slice(marks.length);
  return limited.replace(BRACKETS, (run) => run.slice(0, 40)).replace(EMPHASIS, (run) => run.slice(0, 40));
}

function shortenMarks(marks: string): string {
  const all = marks.match(/[ \t]*(?:>|[-+*]|\d{1,9}[.)])/g) ?? [];
  return all.length <= MAX_MARKS ? marks : all.slice(0, MAX_MARKS).join('');
}
