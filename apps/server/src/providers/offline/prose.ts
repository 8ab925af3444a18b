import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import {
  BODY,
  BOOK_TITLES,
  CLOSING,
  KEYWORDS,
  OPENING,
  POINTS,
  PROMISES,
  REMARK,
  TITLES,
  TONES,
} from './sentences.ts';
import type { Bank } from './sentences.ts';
import type { Theme } from './theme.ts';

/** A title that names the topic. Titles of one list differ by `index`, up to any number. */
export function titleText(theme: Theme, random: Random, index: number | null): string {
  if (index === null) return say(random.pick(BOOK_TITLES), theme);
  // A plan that was sent back comes with other titles; without remarks a list reads from first steps to last ones.
  const at = index + theme.remarks.length * 7;
  const part = Math.floor(index / TITLES.length);
  return say(turnOf(TITLES, at), theme) + (part === 0 ? '' : `, part ${part + 1}`);
}

/** Short phrases a bookshop would file the subject under. */
export function keywordText(theme: Theme, index: number): string {
  return say(turnOf(KEYWORDS, index), theme);
}

/** What a part shows or does, as a phrase: fits a list and the heading of a section. */
export function pointText(theme: Theme, index: number): string {
  return say(turnOf(POINTS, theme.turn * 5 + theme.remarks.length * 3 + index), theme);
}

export function toneText(random: Random): string {
  return random.pick(TONES);
}

/** One to four sentences; says which remark it takes up when a reviewer made one. */
export function summaryText(theme: Theme, random: Random): string {
  const count = theme.shorter ? 1 : 2 + random.int(2);
  const remark = theme.turn <= 1 ? remarkSentence(theme) : null;
  const body = Array.from({ length: count }, (_, at) => say(turnOf(PROMISES, theme.turn * 3 + at), theme));
  return (remark === null ? body : [remark, ...body]).join(' ');
}

export function sentenceText(theme: Theme, random: Random): string {
  return say(random.pick(BODY), theme);
}

/** Several paragraphs, one section for each point. With `headings` the sections have Markdown headings. */
export function longText(theme: Theme, random: Random, headings: boolean): string {
  const points = theme.points.length > 0 ? theme.points : [pointText(theme, 0), pointText(theme, 1)];
  const body = createDeck(BODY, random.fork('body'));
  const sections = points.map((point) => section({ ...theme, focus: point }, random, body, headings));
  const opening = paragraph(theme, createDeck(OPENING, random.fork('opening')), 2);
  const closing = paragraph(theme, createDeck(CLOSING, random.fork('closing')), 2);
  const remark = remarkSentence(theme);
  return [remark === null ? opening : `${remark} ${opening}`, ...sections, closing].join('\n\n');
}

function section(theme: Theme, random: Random, body: Deck, headings: boolean): string {
  const count = theme.shorter ? 1 : 2;
  const paragraphs = Array.from({ length: count }, () =>
    paragraph(theme, body, theme.shorter ? 2 : 3 + random.int(2)),
  );
  return (headings ? [`## ${plain(theme.focus)}`, ...paragraphs] : paragraphs).join('\n\n');
}

function paragraph(theme: Theme, deck: Deck, sentences: number): string {
  return Array.from({ length: sentences }, () => say(deck.draw(), theme)).join(' ');
}

interface Deck {
  draw(): string;
}

/** Sentences in random order, each once before any comes again. */
function createDeck(bank: Bank, random: Random): Deck {
  let left: string[] = [];
  return {
    draw: () => {
      if (left.length === 0) left = [...bank];
      return left.splice(random.int(left.length), 1)[0] ?? bank[0];
    },
  };
}

function remarkSentence(theme: Theme): string | null {
  const [first] = theme.remarks;
  return first === undefined ? null : REMARK.replace('{remark}', () => first.replace(/[.!?]+$/u, ''));
}

function turnOf(bank: Bank, index: number): string {
  return bank[index % bank.length] ?? bank[0];
}

function say(pattern: string, theme: Theme): string {
  const words = {
    topic: plain(theme.topic),
    audience: plain(theme.audience),
    focus: insideSentence(theme.focus),
  };
  const text = pattern.replace(/\{(topic|focus|audience)\}/g, (_, name: keyof typeof words) => words[name]);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const LONGEST_PHRASE = 70;
const LOWERED = /^(?:[A-Z][a-z]+ing|What|When|Where|First|The|An?|Common|Questions|Habits|Small)\b/;

/** A title as a phrase in the middle of a sentence. Names keep their capital; a whole sentence is only referred to. */
function insideSentence(text: string): string {
  const phrase = plain(text);
  if (phrase.length > LONGEST_PHRASE)
    return createRandom(phrase).pick(['this point', 'this question', 'this part']);
  return LOWERED.test(phrase) ? phrase.charAt(0).toLowerCase() + phrase.slice(1) : phrase;
}

/** Without a full stop of its own. */
function plain(text: string): string {
  return text.replace(/[.!?:;,\s]+$/u, '') || text;
}
