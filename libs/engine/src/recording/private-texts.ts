import { passesIban, passesLuhn } from './check-digits.ts';
import { isPlaceholder } from './placeholders.ts';
import type { RedactionKind } from './placeholders.ts';

/** A part of a text that is nobody else's business. */
export interface PrivateText {
  kind: RedactionKind;
  start: number;
  end: number;
}

interface Rule {
  kind: RedactionKind;
  /** The group `it`, else the whole, is what is replaced. */
  pattern: RegExp;
  holds?: (found: string) => boolean;
}

const digitsOf = (text: string): string => text.replace(/\D/g, '');

const NAMES = '(?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|access[_-]?key|client[_-]?secret)';

/** The first rule that takes a place keeps it. No pattern goes back over what it has read: texts are long. */
const RULES: Rule[] = [
  {
    kind: 'secret',
    pattern:
      /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?<it>[\sA-Za-z0-9+/=:,-]{1,16000}?)-----END [A-Z ]{0,30}PRIVATE KEY-----/dg,
  },
  {
    kind: 'secret',
    pattern:
      /(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{16,}|[rs]k_(?:live|test)_[A-Za-z0-9]{10,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{30,}|npm_[A-Za-z0-9]{30,}|hf_[A-Za-z0-9]{20,}|SG\.[\w-]{16,}\.[\w-]{16,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)/dg,
  },
  { kind: 'secret', pattern: /\b(?:Bearer|Basic) +(?<it>[A-Za-z0-9._~+/-]{12,}=*)/dg },
  { kind: 'secret', pattern: /:\/\/(?<it>[^\s/:@]{1,200}:[^\s/@]{1,200})@/dg },
  {
    kind: 'secret',
    pattern: new RegExp(`${NAMES}["']?\\s{0,3}=\\s{0,3}["']?(?<it>[^\\s"'&,;<>{}]{6,200})`, 'dgi'),
  },
  {
    kind: 'secret',
    pattern: new RegExp(`${NAMES}["']?\\s{0,3}:\\s{0,3}["']?(?<it>[^\\s"'&,;<>{}]{6,200})`, 'dgi'),
    // "The secret: patience" gives nothing away.
    holds: (found) => /\d|\p{Ll}\p{Lu}|[_!#$%^*@]/u.test(found),
  },
  {
    kind: 'email',
    pattern:
      /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})(?:\.[\p{L}\p{N}-]{1,63}){1,8}/dgu,
    holds: (found) => !isPlaceholder(found),
  },
  {
    kind: 'iban',
    pattern: /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/dg,
    holds: (found) => passesIban(found.replace(/ /g, '')),
  },
  {
    kind: 'card',
    pattern: /(?<![\w.-])[2-6]\d{3}(?:[ -]?\d{2,6}){2,4}(?![\w.-]?\d)/dg,
    holds: (found) => {
      const digits = digitsOf(found);
      return digits.length >= 13 && digits.length <= 19 && passesLuhn(digits);
    },
  },
  {
    kind: 'phone',
    pattern: /(?<![\w.+-])\+\d(?:[ ()./-]{0,2}\d){6,14}(?![\w-]?\d)/dg,
  },
  {
    kind: 'phone',
    pattern: /(?<![\w.+-])00[1-9]\d{0,2}(?:[ ()./-]{1,2}\d{1,6}){2,5}(?![\w-]?\d)/dg,
  },
  {
    kind: 'phone',
    pattern: /(?<![\w.+-])(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-]?\d)/dg,
  },
  {
    kind: 'phone',
    pattern: /(?<![\w.+-])\(?0[1-9]\d{1,4}\)?[ /-]\d{2,8}(?:[ -]\d{2,6}){0,4}(?![\w.-]?\d)/dg,
    holds: (found) => digitsOf(found).length >= 8 && digitsOf(found).length <= 13,
  },
];

/** What of a text is private by its form, in order, without overlaps. */
export function privateTexts(text: string): PrivateText[] {
  const found: PrivateText[] = [];
  for (const { kind, pattern, holds } of RULES)
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.['it'] ?? [match.index, match.index + match[0].length];
      const isFree = found.every((other) => other.end <= start || other.start >= end);
      if (isFree && (holds === undefined || holds(text.slice(start, end)))) found.push({ kind, start, end });
    }
  return found.sort((a, b) => a.start - b.start);
}

/** Names of fields whose text is a secret whatever it looks like. */
export const SECRET_NAME =
  /(?:^|[_.-]|(?<=[a-z]))(?:pass(?:word|wd|phrase)|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie|credential)s?$/i;
