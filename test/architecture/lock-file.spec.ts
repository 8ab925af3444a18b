import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../support/root.ts';

interface Locked {
  optionalDependencies?: Record<string, string>;
  resolved?: string;
}

/**
 * npm drops binaries of other platforms from the lock when the registry it asks does not carry them, and then `npm ci` refuses the lock on every
 * machine. Mend it by adding the missing entries with version, `optional`, `os` and `cpu`.
 */
describe('package-lock.json', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };

  it('names the binaries of every platform', () => {
    const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(packages, place, name)),
    );
    expect(missing).toEqual([]);
  });

  it('names no host to download from', () => {
    expect(Object.values(packages).filter(({ resolved }) => /^https?:/.test(resolved ?? ''))).toEqual([]);
  });
});

/** Looks where Node would: beside the package that wants it, then in each folder above. */
function isLocked(packages: Record<string, Locked>, place: string, name: string): boolean {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
  }
}
