import { ibanOf, withLuhn } from './check-digits.ts';

/** Kinds of what is replaced. */
export type RedactionKind = 'secret' | 'email' | 'phone' | 'iban' | 'card' | 'person';

/** What stands for the nth value of a kind, from 1. It has the form of the value, so that contracts go on accepting it. */
export function placeholderFor(kind: RedactionKind, value: string, nth: number): string {
  switch (kind) {
    case 'secret':
      return secretLike(value, nth);
    case 'email':
      return `person-${nth}@example.org`;
    case 'phone':
      return phoneLike(value, nth);
    case 'iban':
      return ibanLike(value, nth);
    case 'card':
      return cardLike(value, nth);
    case 'person':
      return `person-${nth}`;
  }
}

/** The same, and as long as the value: harder to read, for contracts that count characters. */
export function placeholderAsLongAs(kind: RedactionKind, value: string, nth: number): string {
  const length = [...value].length;
  switch (kind) {
    case 'email': {
      const domain = length < 14 ? '@x.test' : '@example.org';
      return personOf(length - domain.length, nth) + domain;
    }
    case 'person':
      return personOf(length, nth);
    case 'phone': {
      const digits = value.replace(/\D/g, '').length;
      const first = value.startsWith('+') ? '1202555' : '0202555';
      const number = String(100 + nth).padStart(Math.max(0, digits - first.length), '0');
      return inShapeOf(value, (first + number).slice(0, digits - number.length) + number);
    }
    case 'secret':
    case 'iban':
    case 'card':
      return placeholderFor(kind, value, nth);
  }
}

/** `person-01`, `p01`: as long as is asked for, where a number fits at all. */
function personOf(length: number, nth: number): string {
  const word = length >= 8 ? 'person-' : 'p';
  return word + String(nth).padStart(length - word.length, '0');
}

/** Whether the text stands for somebody already. */
export function isPlaceholder(text: string): boolean {
  return /^(?:person-|p)\d+@(?:example\.org|x\.test)$/.test(text);
}

/** What says what a key is for, and is no secret: it stays. */
const PREFIX =
  /^(?:sk-(?:ant-|proj-)?|rk_(?:live|test)_|sk_(?:live|test)_|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|AKIA|ASIA|AIza|npm_|hf_|SG\.|eyJ)/;

/** As long as the secret, of zeros with the number at the end; its prefix and its punctuation stay. */
function secretLike(value: string, nth: number): string {
  const prefix = PREFIX.exec(value)?.[0] ?? '';
  const body = value.slice(prefix.length).replace(/[\p{L}\p{N}]/gu, '0');
  return prefix + numbered(body, nth, /0/);
}

/** Numbers of 202-555-01.. are kept free for stories. */
function phoneLike(value: string, nth: number): string {
  const international = /^(?:\+|00)/.exec(value)?.[0];
  const digits = `202555${String(100 + nth).padStart(4, '0')}`;
  if (international !== undefined) {
    const isSpaced = /[ ().-]/.test(value);
    return `${international}1${isSpaced ? ' 202 555 ' : '202555'}${digits.slice(6)}`;
  }
  const count = value.replace(/\D/g, '').length;
  const body = value.startsWith('0') ? `0${digits}` : digits;
  return inShapeOf(value, body.padEnd(count, '0').slice(-count));
}

/** Of the same country and length, with check digits that are right. */
function ibanLike(value: string, nth: number): string {
  const plain = value.replace(/\s/g, '');
  const account = plain.slice(4).replace(/\d/g, '0').replace(/[A-Z]/gi, 'A');
  return inShapeOf(value, ibanOf(plain.slice(0, 2).toUpperCase(), numbered(account, nth, /0/)));
}

/** Of the same length and brand, with a check digit that is right. */
function cardLike(value: string, nth: number): string {
  const digits = value.replace(/\D/g, '');
  const body = digits[0] + '0'.repeat(digits.length - 2);
  return inShapeOf(value, withLuhn(`${numbered(body, nth, /0/)}0`));
}

/** The number in the places of the last characters that match. */
function numbered(body: string, nth: number, place: RegExp): string {
  const characters = [...body];
  const digits = [...String(nth)];
  for (let at = characters.length - 1; at >= 0 && digits.length > 0; at -= 1)
    if (place.test(characters[at] ?? '')) characters[at] = digits.pop() ?? '0';
  return characters.join('');
}

/** The letters and digits of the text, with the spaces and signs of the shape. */
function inShapeOf(shape: string, text: string): string {
  let at = 0;
  return (
    [...shape].map((sign) => (/[\p{L}\p{N}]/u.test(sign) ? (text[at++] ?? '') : sign)).join('') +
    text.slice(at)
  );
}
