/**
 * Whether a pattern of CODEOWNERS takes in a file: gitignore's rules without `!` and `[ ]`, and with `docs/*` meaning the
 * files of that folder only, as GitHub reads it. Patterns and paths are walked, never made into regular expressions: a
 * stranger writes them.
 */
export function matchesPath(pattern: string, path: string): boolean {
  const isFolder = pattern.endsWith('/');
  const bare = pattern.replace(/^\//, '').replace(/\/$/, '');
  const isAnchored = pattern.startsWith('/') || bare.includes('/');
  const wanted = isAnchored ? bare.split('/') : ['**', bare];
  const onlyFiles = isAnchored && !isFolder && wanted.at(-1) === '*';
  return matchesSegments(wanted, path.split('/'), { isFolder, onlyFiles });
}

interface Ending {
  /** Something must be left of the path: the pattern names a folder. */
  isFolder: boolean;
  /** Nothing may be left of the path. */
  onlyFiles: boolean;
}

/** Positions in the pattern that the path, read so far, may have led to. */
function matchesSegments(wanted: string[], path: string[], { isFolder, onlyFiles }: Ending): boolean {
  let reached = withSkips(new Set([0]), wanted);
  for (const [index, segment] of path.entries()) {
    const next = new Set<number>();
    for (const at of reached) {
      if (wanted[at] === '**') next.add(at);
      else if (at < wanted.length && matchesSegment(wanted[at] ?? '', segment)) next.add(at + 1);
    }
    reached = withSkips(next, wanted);
    const isLast = index === path.length - 1;
    if (!reached.has(wanted.length)) continue;
    if (isLast ? !isFolder || wanted.at(-1) === '**' : !onlyFiles) return true;
  }
  return false;
}

/** `**` stands for no folder as well. */
function withSkips(positions: Set<number>, wanted: string[]): Set<number> {
  for (const at of positions) if (wanted[at] === '**') positions.add(at + 1);
  return positions;
}

/** `*` is any run of characters, `?` is one. Goes back to the last `*` only, so the time is bounded by the product of both lengths. */
function matchesSegment(pattern: string, text: string): boolean {
  let [p, t] = [0, 0];
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p;
      mark = t;
      p += 1;
    } else if (pattern[p] === '?' || pattern[p] === text[t]) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      mark += 1;
      t = mark;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
