import { RE2JS } from 're2js';

/** What ajv needs of a regular expression. */
export interface Re2Pattern {
  test(text: string): boolean;
  toString(): string;
}

/** Matches in time linear in the text, whatever the pattern. Throws what RE2 says of a pattern that it does not know. */
export function re2(pattern: string): Re2Pattern {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  return {
    test: (text) => compiled.matcher(text).find(),
    // Ajv shares patterns by this text.
    toString: () => `re2:${pattern}`,
  };
}
