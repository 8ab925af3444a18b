import type { Difference, ReplayResult, TemplateCoverage } from '@stagewright/engine/testing';
import type { Json } from '@stagewright/engine';
import { diffLines } from '@stagewright/engine/text';
import type { DiffLine } from '@stagewright/engine/text';
import { colours } from './colours.ts';
import { renderFinding } from './findings.ts';

/** One case: whether it passed, and what was not as expected. */
export function renderCase({ passed, title, path, findings, differences }: ReplayResult): string {
  return [
    `${passed ? colours.green('✔') : colours.red('✖')} ${title}  ${colours.dim(path)}`,
    ...findings.map((finding) => `  ${renderFinding(finding)}`),
    ...differences.map(renderDifference),
  ].join('\n');
}

/** Values above this many characters are compared line by line. */
const SHORT = 72;

function renderDifference(difference: Difference): string {
  const { path, message, line, column, expected, actual } = difference;
  const place = colours.dim(`${line}:${column}`);
  if (expected === undefined || actual === undefined || (isShort(expected) && isShort(actual)))
    return `  ${place}  ${path} ${message}`;
  const isCompared = message.startsWith('is ');
  const headline = isCompared ? 'is not as expected' : message;
  const legend = isCompared ? '- expected  + received' : '- expected  + the nearest that is there';
  const lines = shortened(diffLines(linesOf(expected), linesOf(actual))).map(
    (one) => `      ${painted(one)}`,
  );
  return [`  ${place}  ${path} ${headline}`, `      ${colours.dim(legend)}`, ...lines].join('\n');
}

function isShort(value: Json): boolean {
  return linesOf(value).length <= SHORT && !linesOf(value).includes('\n');
}

function linesOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function painted({ sign, text }: DiffLine): string {
  const line = `${sign} ${text}`;
  if (sign === '-') return colours.red(line);
  return sign === '+' ? colours.green(line) : line;
}

/** Lines around a change that are shown. */
const CONTEXT = 2;
const MOST_LINES = 60;

/** The changes with what stands around them. */
function shortened(lines: DiffLine[]): DiffLine[] {
  const isNear = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ sign }) => sign !== ' '),
  );
  const shown = lines.flatMap((line, at): DiffLine[] => {
    if (isNear[at] === true) return [line];
    return at === 0 || isNear[at - 1] === true ? [{ sign: ' ', text: '...' }] : [];
  });
  if (shown.length <= MOST_LINES) return shown;
  return [...shown.slice(0, MOST_LINES), { sign: ' ', text: `... ${shown.length - MOST_LINES} more lines` }];
}

/** What the tests reach of each template, in one line; with `list`, also everything that they do not reach. */
export function renderCoverage(coverage: TemplateCoverage[], list: boolean): string {
  const rows = coverage.map(({ template, stages, branches, loops, missed }) => {
    const mark = missed.length === 0 ? colours.green('✔') : colours.yellow('○');
    const parts = [
      `stages ${stages.reached}/${stages.total}`,
      `branches ${branches.reached}/${branches.total}`,
      `gates and loops ${loops.reached}/${loops.total}`,
    ];
    return `${mark} ${template}: ${parts.join(', ')}`;
  });
  const missed = coverage.flatMap((one) => one.missed);
  if (list) return ['Coverage', ...rows, ...missed.map(renderFinding)].join('\n');
  const more =
    missed.length === 0 ? '' : `\n${colours.dim(`${missed.length} not reached: --coverage lists them.`)}`;
  return `Coverage\n${rows.join('\n')}${more}`;
}

/** One case for programs. The whole run is of no use in a report; nor is what the file would have to say. */
export function caseInJson({ run: _run, differences, ...rest }: ReplayResult): object {
  return { ...rest, differences: differences.map(differenceInJson) };
}

export function differenceInJson({ update: _update, at: _at, ...told }: Difference): object {
  return told;
}
