/** Length as JSON Schema counts it: in code points. */
export function lengthOf(text: string): number {
  return [...text].length;
}

/**
 * Brings a text to a length between `min` and `max`: cut at the end of a sentence, else of a word, else hard; grown by
 * whole sentences from `more`.
 */
export function fitLength(text: string, min: number, max: number, more: (index: number) => string): string {
  let fitted = text;
  for (let index = 0; lengthOf(fitted) < min; index += 1) fitted = `${fitted} ${more(index)}`.trim();
  if (lengthOf(fitted) <= max) return fitted;
  const points = [...fitted].slice(0, max);
  const hard = points.join('');
  const ends = [hard.search(/[.!?”](?=[^.!?”]*$)/u) + 1, hard.search(/\s\S*$/u)];
  const soft = ends.map((end) => hard.slice(0, Math.max(end, 0)).trimEnd());
  const best = soft.find((cut) => lengthOf(cut) >= Math.max(min, max / 2));
  return best ?? hard.replace(/\s$/u, '.');
}
