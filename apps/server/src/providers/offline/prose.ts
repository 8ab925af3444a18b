import type { Random } from './random.ts';
import { BODY, CLOSING, KEYWORDS, OPENING, PROMISES, REMARK, TITLES, TONES } from './sentences.ts';
import type { Theme } from './theme.ts';

/** A title that names the topic. Titles of one list differ by `index`, up to any number. */
export function titleText(theme: Theme, random: Random, index: number | null): string {
  if (index === null) return say(random.pick(TITLES), theme);
  // A plan that was sent back comes with other titles; without remarks a list reads from first steps to last ones.
  const at = index + theme.remarks.length * 7;
  const pattern = TITLES[at % TITLES.length] ?? TITLES[0];
  const part = Math.floor(index / TITLES.length);
  return say(pattern, theme) + (part === 0 ? '' : `, part ${part + 1}`);
}

/** Short phrases a bookshop would file the subject under. */
export function keywordText(theme: Theme, random: Random, index: number): string {
  const at = index === 0 ? 0 : index + random.int(2);
  return say(KEYWORDS[at % KEYWORDS.length] ?? KEYWORDS[0], theme);
}

export function toneText(random: Random): string {
  return random.pick(TONES);
}

/** One to four sentences; says which remark it takes up when a reviewer made one. */
export function summaryText(theme: Theme, random: Random, index: number | null): string {
  const count = theme.shorter ? 1 : 2 + random.int(2);
  const remark = index === null || index === 0 ? remarkSentence(theme) : null;
  const body = distinct(PROMISES, random, count).map((pattern) => say(pattern, theme));
  return (remark === null ? body : [remark, ...body]).join(' ');
}

export function sentenceText(theme: Theme, random: Random): string {
  return say(random.pick(BODY), theme);
}

/** Several paragraphs, one section for each point. With `headings` the sections have Markdown headings. */
export function longText(theme: Theme, random: Random, headings: boolean): string {
  const points = theme.points.length > 0 ? theme.points : [theme.focus, `${theme.topic} in practice`];
  const sections = points.map((point, index) => section(theme, random.fork(index), point, headings));
  const opening = paragraph(OPENING, { ...theme }, random.fork('opening'), 2);
  const closing = paragraph(CLOSING, theme, random.fork('closing'), 2);
  const remark = remarkSentence(theme);
  return [remark === null ? opening : `${remark} ${opening}`, ...sections, closing].join('\n\n');
}

function section(theme: Theme, random: Random, point: string, headings: boolean): string {
  const about = { ...theme, focus: point };
  const paragraphs = Array.from({ length: theme.shorter ? 1 : 2 }, (_, index) =>
    paragraph(BODY, about, random.fork(index), theme.shorter ? 2 : 3 + random.int(3)),
  );
  return (headings ? [`## ${point.replace(/[.:;,]+$/u, '')}`, ...paragraphs] : paragraphs).join('\n\n');
}

function paragraph(bank: readonly [string, ...string[]], theme: Theme, random: Random, sentences: number): string {
  return distinct(bank, random, sentences)
    .map((pattern) => say(pattern, theme))
    .join(' ');
}

function remarkSentence(theme: Theme): string | null {
  const [first] = theme.remarks;
  return first === undefined ? null : REMARK.replace('{remark}', () => first.replace(/[.!?]+$/u, ''));
}

function distinct(bank: readonly string[], random: Random, count: number): string[] {
  const left = [...bank];
  return Array.from({ length: Math.min(count, bank.length) }, () => left.splice(random.int(left.length), 1)[0] ?? '');
}

function say(pattern: string, theme: Theme): string {
  const text = pattern.replace(/\{(topic|focus|audience)\}/g, (_, name: 'topic' | 'focus' | 'audience') => plain(theme[name]));
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A phrase inside a sentence ends without a full stop of its own. */
function plain(text: string): string {
  return text.replace(/[.!?:;,\s]+$/u, '') || text;
}
