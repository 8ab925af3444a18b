import { createHash } from 'node:crypto';
import type { ActionContext, Json, JsonObject } from '@stagewright/engine/plugin';
import { cleanLine, cleanText } from '../document/clean-text.ts';
import type { Warnings } from '../document/model.ts';
import { ebookErrors } from '../ebook.errors.ts';
import type { Book } from './book.ts';
import { DEFAULT_LANGUAGE, directionOfLanguage, languageTag } from './language.ts';
import { readChapters } from './read-chapters.ts';
import { readImages } from './read-images.ts';
import { settleReferences, usedImages } from './settle-references.ts';

/** Reads the input of ebook/build into a book. Of `brief`, `book` and `metadata`, the later speaks over the earlier. */
export async function readBook(input: JsonObject, context: ActionContext, warnings: Warnings): Promise<Book> {
  const imported = asObject(input['book']);
  const stated = {
    ...present(asObject(input['brief'])),
    ...present(imported),
    ...present(asObject(input['metadata'])),
  };
  const { pictures, refused } = await readImages(input['images'] ?? imported['images'], context, warnings);
  const given = input['chapters'] ?? imported['chapters'] ?? [];
  const list = Array.isArray(given) ? given : asObject(given)['chapters'];
  const chapters = readChapters(
    Array.isArray(list) ? list : [],
    new Set(pictures.map(({ id }) => id)),
    warnings,
  );
  if (chapters.length === 0) throw ebookErrors.noChapters();
  const settled = settleReferences(chapters, { pictures, refused, warnings });
  const cover = line(stated['cover']).replace(/^asset:/, '');
  const language = languageOf(stated['language'] ?? stated['lang'], warnings);
  const facts: Omit<Book, 'identifier'> = {
    title: line(stated['title']) || cleanLine(context.run.title) || 'Untitled',
    ...optional('subtitle', line(stated['subtitle'])),
    authors: names(stated['authors'] ?? stated['author']),
    language,
    direction: directionOfLanguage(language),
    ...optional('description', text(stated['description'] ?? stated['blurb'])),
    ...optional('publisher', line(stated['publisher'])),
    ...optional('rights', line(stated['rights'])),
    subjects: names(stated['subjects'] ?? stated['keywords']),
    ...optional('date', dateOf(line(stated['date']))),
    modified: modifiedOf(context.sourceDate),
    chapters: settled,
    images: usedImages(settled, pictures, cover),
    ...(pictures.some(({ id }) => id === cover) ? { cover } : {}),
    placeholder: context.placeholder,
  };
  return { ...facts, identifier: identifierOf(facts) };
}

/** A date that the calendar has: `2026`, `2026-11`, `2026-11-21`; else nothing. */
function dateOf(given: string): string {
  const [, year = '', month = '01', day = '01'] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(given) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== `${year}-${month}-${day}`
    ? ''
    : given;
}

/** `2026-11-21T09:30:00Z`: seconds, always UTC, whatever the machine's zone. */
function modifiedOf(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** A name-based UUID (version 8) of the book's content: the same book has the same identifier, everywhere. */
function identifierOf(book: Omit<Book, 'identifier'>): string {
  const images = book.images.map(({ id, content }) => [
    id,
    createHash('sha256').update(content).digest('hex'),
  ]);
  const rest = { ...book, modified: undefined, images: undefined };
  const digest = createHash('sha256')
    .update(JSON.stringify({ ...rest, images }))
    .digest('hex');
  const variant = ((parseInt(digest.charAt(16), 16) & 3) | 8).toString(16);
  const parts = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ];
  return `urn:uuid:${parts.join('-')}`;
}

function languageOf(value: Json | undefined, warnings: Warnings): string {
  const given = line(value);
  const tag = languageTag(given === '' ? DEFAULT_LANGUAGE : given);
  if (tag !== null) return tag;
  warnings.add({
    code: 'LANGUAGE_UNKNOWN',
    message: `"${given}" is not a language tag such as "en" or "pt-BR"; the book says "${DEFAULT_LANGUAGE}".`,
  });
  return DEFAULT_LANGUAGE;
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** Without null and empty values, so that an empty field does not speak over a filled one. */
function present(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(
      ([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

function names(value: Json | undefined): string[] {
  const entries = Array.isArray(value) ? value : [value ?? null];
  return [
    ...new Set(
      entries
        .map((entry) =>
          line(typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? entry['name'] : entry),
        )
        .filter((name) => name !== ''),
    ),
  ];
}

function line(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? cleanLine(String(value)) : '';
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? cleanText(value).trim() : '';
}

function optional<K extends string>(key: K, value: string): Partial<Record<K, string>> {
  return (value === '' ? {} : { [key]: value }) as Partial<Record<K, string>>;
}
