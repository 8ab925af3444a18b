/** A line of a comparison: on both sides, or on one only. */
export interface DiffLine {
  sign: ' ' | '-' | '+';
  text: string;
}

/** Above this, texts are shown as replaced as a whole: the table below grows with the product of their lines. */
const MOST_CELLS = 4_000_000;

/** What turns one text into another, line by line: the longest common sequence stays. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  if (a.length * b.length > MOST_CELLS) return [...signed('-', a), ...signed('+', b)];
  const common = commonLengths(a, b);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      lines.push({ sign: ' ', text: a[i] ?? '' });
      i += 1;
      j += 1;
    } else if ((common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0)) {
      lines.push({ sign: '-', text: a[i] ?? '' });
      i += 1;
    } else {
      lines.push({ sign: '+', text: b[j] ?? '' });
      j += 1;
    }
  }
  return [...lines, ...signed('-', a.slice(i)), ...signed('+', b.slice(j))];
}

/** `[i][j]`: how many lines `a` from i and `b` from j have in common, in order. */
function commonLengths(a: string[], b: string[]): Uint32Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const [row, below] = [table[i], table[i + 1]];
    if (row === undefined || below === undefined) continue;
    for (let j = b.length - 1; j >= 0; j -= 1) {
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return table;
}

function signed(sign: '-' | '+', texts: string[]): DiffLine[] {
  return texts.map((text) => ({ sign, text }));
}
