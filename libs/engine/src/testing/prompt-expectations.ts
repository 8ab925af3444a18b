import { partial, under } from './difference.ts';
import { differencesAt } from './path-expectations.ts';
import { parsePath, pick } from '../template/value-path.ts';
import { sameJson } from '../execution/bounds.ts';
import type { Found, Spot } from './difference.ts';
import { indexOfTask } from './recorded-value.ts';
import type { SentCall, SentPrompt } from './replay-answers.ts';
import type { ExpectedCall, ExpectedPrompt } from '../template/test-file.ts';
import type { Json } from '../vocabulary.ts';

/** What is not as expected in the prompts of a stage: one expectation, or a list of them. */
export function promptDifferences(
  spot: Spot,
  wanted: ExpectedPrompt | ExpectedPrompt[],
  sent: SentPrompt[],
): Found[] {
  return eachOf(spot, wanted).flatMap(([where, one]) => ofOne(where, one, sent));
}

/** What is not as expected in the calls of a stage: one expectation, or a list of them. */
export function callDifferences(
  spot: Spot,
  wanted: ExpectedCall | ExpectedCall[],
  sent: SentCall[],
): Found[] {
  return eachOf(spot, wanted).flatMap(([where, one]) => {
    const call = chosen(one, sent);
    if (call === undefined) return [{ ...where, message: 'was never called' }];
    return partial(under(where, 'with'), one.with, call.with);
  });
}

function eachOf<One>(spot: Spot, wanted: One | One[]): Array<[Spot, One]> {
  if (!Array.isArray(wanted)) return [[spot, wanted]];
  return wanted.map((one, index) => [{ path: `${spot.path}[${index}]`, at: `${spot.at}/${index}` }, one]);
}

function ofOne(spot: Spot, wanted: ExpectedPrompt, sent: SentPrompt[]): Found[] {
  const prompt = chosen(wanted, sent);
  if (prompt === undefined) return [{ ...spot, message: 'was never sent' }];
  return [
    ...textDifferences(spot, wanted, prompt.text),
    ...variableDifferences(spot, wanted, prompt),
    ...changeDifferences(spot, wanted, { prompt, sent }),
  ];
}

/** That of the last round and last item, of those that are meant. */
function chosen<Sent extends { round: number; index: number }>(
  { round, task }: Pick<ExpectedPrompt, 'round' | 'task'>,
  sent: Sent[],
): Sent | undefined {
  const index = task === undefined ? null : indexOfTask(task);
  return sent
    .filter((prompt) => round === undefined || prompt.round === round)
    .filter((prompt) => index === null || prompt.index === index)
    .at(-1);
}

function textDifferences(spot: Spot, { contains = [], lacks = [] }: ExpectedPrompt, prompt: string): Found[] {
  const found: Found[] = [];
  for (const [index, text] of contains.entries()) {
    if (prompt.includes(text)) continue;
    const nearest = found.length < MOST_NEAREST ? nearestLine(text, prompt) : null;
    const message = `does not hold ${JSON.stringify(text)}`;
    found.push({
      ...listSpot(spot, 'contains', index),
      message,
      ...(nearest !== null && { expected: text, actual: nearest }),
    });
  }
  for (const [index, text] of lacks.entries())
    if (prompt.includes(text))
      found.push({ ...listSpot(spot, 'lacks', index), message: `holds ${JSON.stringify(text)}` });
  return found;
}

function listSpot(spot: Spot, key: 'contains' | 'lacks' | 'changed', index: number): Spot {
  const { path, at } = under(spot, key);
  return { path, at: `${at}/${index}` };
}

/** Texts that a nearest line is looked for, and characters of a prompt in which: it is a help, not a must. */
const MOST_NEAREST = 20;
const SEARCHED = 100_000;

/** The lines of the prompt that share the most words with the text; null when none shares half of them. */
function nearestLine(text: string, prompt: string): string | null {
  const words = wordsOf(text);
  const span = text.trimEnd().split('\n').length;
  const lines = prompt.slice(0, SEARCHED).split('\n');
  let best = { shared: words.size / 2, lines: null as string | null };
  for (let at = 0; at + span <= lines.length; at += 1) {
    const candidate = lines.slice(at, at + span).join('\n');
    const shared = [...wordsOf(candidate)].filter((word) => words.has(word)).length;
    if (shared > best.shared) best = { shared, lines: candidate };
  }
  return best.lines;
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

function variableDifferences(
  spot: Spot,
  { variables = {} }: ExpectedPrompt,
  { variables: given }: SentPrompt,
): Found[] {
  const spotOf = under(spot, 'variables');
  return Object.entries(variables).flatMap(([path, wanted]) =>
    differencesAt(given, { path, wanted, at: under(spotOf, path).at, prefix: `${spotOf.path}.` }),
  );
}

function changeDifferences(
  spot: Spot,
  { changed = [] }: ExpectedPrompt,
  { prompt, sent }: { prompt: SentPrompt; sent: SentPrompt[] },
): Found[] {
  if (changed.length === 0) return [];
  const before = sent.filter(({ index, round }) => index === prompt.index && round < prompt.round).at(-1);
  if (before === undefined) return [{ ...under(spot, 'changed'), message: 'has no round before it' }];
  return changed.flatMap((path, index) => {
    const [one, other] = [before, prompt].map(({ variables }) => valuesAt(path, variables));
    if (!sameJson(one, other)) return [];
    const message = `${path} is as it was in round ${before.round}`;
    return [{ ...listSpot(spot, 'changed', index), message }];
  });
}

function valuesAt(path: string, variables: Json): Array<Json | undefined> {
  return pick(variables, parsePath(path) ?? []).map(({ value }) => value);
}
