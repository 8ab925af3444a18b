import { RE2JS } from 're2js';

/** What ajv needs of a regular expression. */
export interface Re2Pattern {
  test(text: string): boolean;
  toString(): string;
}

/** Compiled patterns by their text: contracts repeat the same few. Bounded. */
const CACHED_PATTERNS = 256;
const compiled = new Map<string, RE2JS>();

/** Matches in time linear in the text, whatever the pattern. Throws what RE2 says of a pattern that it does not know. */
export function re2(pattern: string): Re2Pattern {
  const program = compiled.get(pattern) ?? RE2JS.compile(RE2JS.translateRegExp(pattern));
  compiled.delete(pattern);
  compiled.set(pattern, program);
  const [oldest] = compiled.keys();
  if (compiled.size > CACHED_PATTERNS && oldest !== undefined) compiled.delete(oldest);
  return {
    test: (text) => program.matcher(text).find(),
    // Ajv shares patterns by this text.
    toString: () => `re2:${pattern}`,
  };
}
