import { covers } from './rules.ts';
import type { Bump } from './rules.ts';

/** Whether a version was raised by as much as what changed asks for. */
export interface VersionVerdict {
  from: string;
  to: string;
  /** What the changes ask for; null when nothing changed. Below 1.0.0 one class less: a minor version may break there. */
  needed: Bump | null;
  /** By what it was raised; null when it was not. */
  given: Bump | null;
  enough: boolean;
  /** The lowest version that would be enough. */
  least: string;
}

interface Version {
  core: [number, number, number];
  /** Identifiers after the hyphen; empty for a release. */
  pre: string[];
}

const LEVELS: Bump[] = ['major', 'minor', 'patch'];

/** Both versions are SemVer: a template with another one does not compile. */
export function judgeVersion(from: string, to: string, required: Bump | null): VersionVerdict {
  const before = parse(from);
  const after = parse(to);
  const needed = before.core[0] === 0 ? lessened(required) : required;
  const given = compare(after, before) > 0 ? raisedBy(before, after) : null;
  const enough = needed === null ? compare(after, before) >= 0 : covers(given, needed);
  return { from, to, needed, given, enough, least: leastVersion(before, from, needed) };
}

function lessened(required: Bump | null): Bump | null {
  if (required === null) return null;
  return required === 'major' ? 'minor' : 'patch';
}

/** A pre-release promises nothing yet: the next one, or its release, may hold anything. */
function raisedBy(before: Version, after: Version): Bump {
  const at = before.core.findIndex((part, index) => part !== after.core[index]);
  return LEVELS[at] ?? 'major';
}

function leastVersion(before: Version, from: string, needed: Bump | null): string {
  const [major, minor, patch] = before.core;
  if (needed === null) return from;
  if (before.pre.length > 0) return before.core.join('.');
  if (needed === 'major') return `${major + 1}.0.0`;
  return needed === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

function parse(version: string): Version {
  const [plain = ''] = version.split('+');
  const hyphen = plain.indexOf('-');
  const core = (hyphen === -1 ? plain : plain.slice(0, hyphen)).split('.').map(Number);
  const pre = hyphen === -1 ? [] : plain.slice(hyphen + 1).split('.');
  return { core: [core[0] ?? 0, core[1] ?? 0, core[2] ?? 0], pre };
}

/** Precedence after SemVer 2.0.0, paragraph 11. */
function compare(a: Version, b: Version): number {
  for (const [index, part] of a.core.entries()) {
    const other = b.core[index] ?? 0;
    if (part !== other) return part - other;
  }
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length;
  for (let index = 0; index < Math.max(a.pre.length, b.pre.length); index += 1) {
    const order = compareIdentifiers(a.pre[index], b.pre[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareIdentifiers(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  const [x, y] = [a, b].map((text) => (/^\d+$/.test(text) ? Number(text) : null));
  if (typeof x === 'number' && typeof y === 'number') return x - y;
  if (typeof x === 'number' || typeof y === 'number') return typeof x === 'number' ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}
