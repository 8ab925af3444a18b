/**
 * Character sets over a sample of characters: all of ASCII, every character that the pattern itself names with its
 * neighbours, and one or two of each kind of letter, digit, mark, space and sign beyond ASCII. Two sets that share a
 * character of the sample overlap.
 */
const BEYOND_ASCII = 'ªéÉßŁłΩωЖжאبनกあア中한٣५Ⅷ²\u0301\u00A0\u2003\u2028€™—«»“”…😀\uFFFD\u{10FFFF}\u200D';

/** One bit per character of the sample, for each set; none for a set that is left out (null). */
export function characterSets(sources: Array<string | null>): bigint[] {
  const sample = sampleFor(sources.filter((source) => source !== null));
  const known = new Map<string, bigint>();
  return sources.map((source) => {
    if (source === null) return 0n;
    const bits = known.get(source) ?? bitsOf(source, sample);
    known.set(source, bits);
    return bits;
  });
}

export const overlap = (a: bigint | undefined, b: bigint | undefined): boolean =>
  ((a ?? 0n) & (b ?? 0n)) !== 0n;

function sampleFor(sources: string[]): string[] {
  const points = new Set<number>();
  for (let point = 0; point < 128; point += 1) points.add(point);
  for (const character of BEYOND_ASCII) points.add(character.codePointAt(0) ?? 0);
  for (const source of new Set(sources)) {
    for (const point of namedIn(source))
      for (const near of [point - 1, point, point + 1]) if (near >= 0 && near <= 0x10ffff) points.add(near);
  }
  return [...points]
    .filter((point) => point < 0xd800 || point > 0xdfff)
    .map((point) => String.fromCodePoint(point));
}

function namedIn(source: string): number[] {
  const written = [...source].map((character) => character.codePointAt(0) ?? 0);
  const escaped = [...source.matchAll(/\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/g)];
  return [
    ...written,
    ...escaped.map((found) => Number.parseInt(found[1] ?? found[2] ?? found[3] ?? '0', 16)),
  ];
}

/** One character against one set: cannot backtrack. */
function bitsOf(source: string, sample: string[]): bigint {
  const set = new RegExp(`^${source}$`, 'u');
  return sample.reduce(
    (bits, character, index) => (set.test(character) ? bits | (1n << BigInt(index)) : bits),
    0n,
  );
}
