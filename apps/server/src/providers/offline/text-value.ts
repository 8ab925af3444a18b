import type { JsonSchema } from '@stagewright/engine';

import { providerErrors } from '../providers.errors.ts';
import { slugOf, textForFormat } from './formats.ts';
import { textForPattern } from './pattern.ts';
import { keywordText, longText, pointText, sentenceText, summaryText, titleText, toneText } from './prose.ts';
import type { Random } from './random.ts';
import { fitLength, lengthOf } from './text-length.ts';
import type { Theme } from './theme.ts';

/** Where in the answer a text stands. */
export interface TextPlace {
  /** Property name; for an entry of a list the list's name. */
  name: string;
  /** Position in the innermost list; null outside of lists. */
  index: number | null;
}

const LONG =
  /^(text|body|content|chapter|article|markdown|html|story|script|draft|essay|section|page|letter|report|transcript)s?$|(text|body|content|markdown|script)$/i;
const TITLE = /^(title|name|headline|heading|label|subject|caption)s?$|(title|name|heading|headline)$/i;
const SUMMARY =
  /summary|description|abstract|promise|blurb|intro|overview|teaser|rationale|conclusion|notes?$/i;
const POINT = /point|step|goal|bullet|idea|highlight|takeaway|objective|outcome/i;
const KEYWORD = /keyword|tag|topic|term|categor|label/i;

/** A string that satisfies the schema and reads like what its property is called. */
export function textValue(schema: JsonSchema, theme: Theme, place: TextPlace, random: Random): string {
  const min = bound(schema['minLength'], 0);
  const max = bound(schema['maxLength'], Number.POSITIVE_INFINITY);
  if (typeof schema['pattern'] === 'string')
    return patterned(schema['pattern'], theme, { minLength: min, maxLength: max, random });
  const { format } = schema;
  if (typeof format === 'string') {
    const seed = place.index === null ? slugOf(theme.topic) : `${slugOf(theme.topic)}-${place.index + 1}`;
    const write = (slug: string): string | undefined => textForFormat(format, slug, random);
    const text = write(seed);
    if (text !== undefined) return formatted(text, { min, max, format }, theme, write);
  }
  if (place.name === 'language') return fitLength('en', min, max, () => 'en');
  const text = prose(schema, theme, place, random);
  return fitLength(text, Math.max(min, Math.min(1, max)), max, (index) =>
    sentenceText(theme, random.fork(`more-${index}`)),
  );
}

function patterned(
  pattern: string,
  theme: Theme,
  options: { minLength: number; maxLength: number; random: Random },
): string {
  const text = textForPattern(pattern, { ...options, seed: slugOf(theme.topic) });
  if (text === undefined)
    throw providerErrors.offlineContractUnsupported(
      `no text is known for the pattern ${pattern} and its lengths`,
    );
  return text;
}

/** A formatted text cannot be cut; a short topic often helps where the full one is too long. */
function formatted(
  text: string,
  wanted: { min: number; max: number; format: string },
  theme: Theme,
  write: (slug: string) => string | undefined,
): string {
  const { min, max, format } = wanted;
  const slug = slugOf(theme.topic);
  const seeds = [
    slug.slice(0, 8).replace(/-+$/, '') || 's',
    's',
    slug + '-more'.repeat(Math.ceil(Math.min(min, 2000) / 5)),
  ];
  const texts = [text, ...seeds.map((seed) => write(seed) ?? '')];
  const fitting = texts.find((candidate) => lengthOf(candidate) >= min && lengthOf(candidate) <= max);
  if (fitting === undefined)
    throw providerErrors.offlineContractUnsupported(`no ${format} is known for its lengths`);
  return fitting;
}

function prose(schema: JsonSchema, theme: Theme, place: TextPlace, random: Random): string {
  const { name, index } = place;
  const max = bound(schema['maxLength'], Number.POSITIVE_INFINITY);
  const min = bound(schema['minLength'], 0);
  if (/subtitle/i.test(name)) return `A guide to ${theme.topic} for ${theme.audience}`;
  if (/tone|voice|style/i.test(name)) return toneText(random);
  if (/author|creator/i.test(name)) return 'Stagewright';
  if (/audience|reader/i.test(name)) return theme.audience;
  if (TITLE.test(name)) return titleText(theme, random, index);
  if (LONG.test(name) && max > 400) return longText(theme, random, asksForMarkdown(schema));
  if (min > 400) return longText(theme, random, asksForMarkdown(schema));
  if (POINT.test(name) && max >= 40) return pointText(theme, index ?? 0);
  if (SUMMARY.test(name)) return summaryText(theme, random);
  if (KEYWORD.test(name) || max < 30) return keywordText(theme, index ?? 0);
  return sentenceText(theme, random);
}

function asksForMarkdown(schema: JsonSchema): boolean {
  const notes = [schema['description'], schema['title'], schema['contentMediaType']];
  return notes.some((note) => typeof note === 'string' && /markdown/i.test(note));
}

function bound(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
