import { createHash } from 'node:crypto';

import type { Random } from './random.ts';

/** A day count that keeps every date in the years 2026 and 2027. */
const DAYS = 700;
const FIRST_DAY = Date.UTC(2026, 0, 1);

const WRITERS: Record<string, (slug: string, random: Random) => string> = {
  date: (_, random) => instant(random).slice(0, 10),
  'date-time': (_, random) => instant(random),
  time: (_, random) => instant(random).slice(11),
  duration: (_, random) => `P${1 + random.int(28)}D`,
  email: (slug) => `${slug}@example.org`,
  'idn-email': (slug) => `${slug}@example.org`,
  hostname: (slug) => `${slug.slice(0, 50)}.example.org`,
  'idn-hostname': (slug) => `${slug.slice(0, 50)}.example.org`,
  ipv4: (_, random) => `192.0.2.${1 + random.int(254)}`,
  ipv6: (_, random) => `2001:db8::${(1 + random.int(65_534)).toString(16)}`,
  uri: (slug, random) => `https://example.org/${slug}/${random.int(1000)}`,
  'uri-reference': (slug, random) => `/${slug}/${random.int(1000)}`,
  iri: (slug, random) => `https://example.org/${slug}/${random.int(1000)}`,
  'iri-reference': (slug, random) => `/${slug}/${random.int(1000)}`,
  url: (slug, random) => `https://example.org/${slug}/${random.int(1000)}`,
  'uri-template': (slug) => `https://example.org/${slug}/{id}`,
  uuid: (slug, random) => uuid(`${slug}/${random.int(2 ** 31)}`),
  'json-pointer': (slug) => `/${slug}`,
  'relative-json-pointer': (_, random) => String(random.int(4)),
  'json-pointer-uri-fragment': (slug) => `#/${slug}`,
  regex: (slug) => `^${slug}$`,
  byte: (slug) => Buffer.from(slug).toString('base64'),
};

/**
 * A value of a JSON Schema `format`; undefined when the format is not known. Addresses are the reserved ones of RFC 2606,
 * RFC 5737 and RFC 3849, which belong to nobody.
 */
export function textForFormat(format: string, slug: string, random: Random): string | undefined {
  return Object.hasOwn(WRITERS, format) ? WRITERS[format]?.(slug, random) : undefined;
}

/** `Green tea!` -> `green-tea`. */
export function slugOf(text: string): string {
  const ascii = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return (
    ascii
      .replace(/^-+|-+$/g, '')
      .slice(0, 40)
      .replace(/-+$/, '') || 'subject'
  );
}

function instant(random: Random): string {
  const minutes = random.int(24 * 60);
  return new Date(FIRST_DAY + random.int(DAYS) * 86_400_000 + minutes * 60_000).toISOString();
}

function uuid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
