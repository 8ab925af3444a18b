/** Well-formed BCP 47: language, script, region, variants. Extensions and private use have no place in a book's metadata. */
const TAG =
  /^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?((?:[-_](?:[a-z\d]{5,8}|\d[a-z\d]{3}))*)$/i;
const NAMES: Record<string, string> = {
  arabic: 'ar',
  chinese: 'zh',
  dutch: 'nl',
  english: 'en',
  french: 'fr',
  german: 'de',
  deutsch: 'de',
  greek: 'el',
  hebrew: 'he',
  italian: 'it',
  japanese: 'ja',
  polish: 'pl',
  portuguese: 'pt',
  russian: 'ru',
  spanish: 'es',
  swedish: 'sv',
  turkish: 'tr',
};
const RTL = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'ks', 'ps', 'sd', 'ug', 'ur', 'yi']);

export const DEFAULT_LANGUAGE = 'en';

/** A language tag in its usual spelling (`pt-BR`), from a tag or an English name; null when it is neither. */
export function languageTag(given: string): string | null {
  const text = given.trim();
  const named = NAMES[text.toLowerCase()];
  if (named !== undefined) return named;
  const match = TAG.exec(text);
  if (match === null) return null;
  const [, language = '', script, region, variants = ''] = match;
  const parts = [language.toLowerCase()];
  if (script !== undefined) parts.push(script.charAt(0).toUpperCase() + script.slice(1).toLowerCase());
  if (region !== undefined) parts.push(region.toUpperCase());
  const distinct = new Set(variants.toLowerCase().split(/[-_]/).filter(Boolean));
  return [...parts, ...distinct].join('-');
}

export function directionOfLanguage(tag: string): 'ltr' | 'rtl' {
  return RTL.has(tag.split('-')[0] ?? '') || /-(?:Arab|Hebr|Thaa|Syrc|Nkoo)(?:-|$)/.test(tag) ? 'rtl' : 'ltr';
}
