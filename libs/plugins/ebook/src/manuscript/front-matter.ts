import { LineCounter, parseDocument } from 'yaml';
import { languageTag } from '../book/language.ts';
import { cleanLine, cleanText } from '../document/clean-text.ts';
import type { Warnings } from '../document/model.ts';

/** What the head of a manuscript says about the book, or about one chapter of it. */
export interface BookFacts {
  title?: string;
  subtitle?: string;
  authors?: string[];
  language?: string;
  description?: string;
  publisher?: string;
  rights?: string;
  subjects?: string[];
  /** ISO 8601 date: `2026`, `2026-11` or `2026-11-21`. */
  date?: string;
  /** Path of the cover's image, from the file that says so. */
  cover?: string;
}

/** Reads YAML front matter. What cannot be read is left out, with a warning at its line. */
export function readFrontMatter(
  yaml: string,
  options: { file: string; firstLine: number; warnings: Warnings },
): BookFacts {
  const lines = new LineCounter();
  const document = parseDocument(yaml, {
    lineCounter: lines,
    schema: 'core',
    logLevel: 'silent',
    uniqueKeys: true,
  });
  const [problem] = document.errors;
  const warn = (message: string, line: number) =>
    options.warnings.add({ code: 'FRONT_MATTER_INVALID', message, file: options.file, line });
  if (problem !== undefined) {
    const at = problem.linePos?.[0].line ?? 1;
    warn(
      `The front matter is not valid YAML and was not read: ${problem.message.split('\n')[0] ?? ''}`,
      at + options.firstLine - 1,
    );
    return {};
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    warn('The front matter uses aliases, which are not read.', options.firstLine);
    return {};
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const facts = factsOf(
    new Map(Object.entries(value).map(([key, entry]) => [key.toLowerCase(), entry as unknown])),
  );
  if (facts.language !== undefined && languageTag(facts.language) === null) {
    warn(
      `"${facts.language}" is not a language tag such as "en" or "pt-BR"; it was not read.`,
      options.firstLine,
    );
    delete facts.language;
  }
  return facts;
}

function factsOf(fields: Map<string, unknown>): BookFacts {
  const line = (...names: string[]) =>
    names.map((name) => words(fields.get(name))).find((text) => text !== undefined);
  const described = ['description', 'abstract', 'summary'].map((name) => fields.get(name));
  // The one field that may have paragraphs.
  const description = described.find((value) => typeof value === 'string') ?? line('description', 'abstract');
  const date = /^\d{4}(?:-\d{2}(?:-\d{2})?)?(?=$|[T ])/.exec(line('date', 'published') ?? '')?.[0];
  const facts: BookFacts = {
    title: line('title'),
    subtitle: line('subtitle'),
    authors: list(fields.get('authors') ?? fields.get('author') ?? fields.get('creator')),
    language: line('language', 'lang', 'locale'),
    description: description === undefined ? undefined : cleanText(description).trim() || undefined,
    publisher: line('publisher'),
    rights: line('rights', 'copyright', 'license', 'licence'),
    subjects: list(
      fields.get('subjects') ?? fields.get('subject') ?? fields.get('keywords') ?? fields.get('tags'),
    ),
    date,
    cover: line('cover-image', 'cover_image', 'cover'),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, entry]) => entry !== undefined));
}

/** One line of text from what YAML may hold in its place (`title: 1984` is a number). */
function words(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return cleanLine(value) || undefined;
  if (Array.isArray(value)) return words(value[0]);
  if (typeof value === 'object' && value !== null && 'text' in value) return words(value.text);
  return undefined;
}

function list(value: unknown): string[] | undefined {
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  const names = entries.flatMap((entry) => {
    const name =
      typeof entry === 'object' && entry !== null && 'name' in entry ? words(entry.name) : words(entry);
    return name === undefined ? [] : [name];
  });
  return names.length === 0 ? undefined : [...new Set(names)];
}
