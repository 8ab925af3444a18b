import { describe, expect, it } from '@jest/globals';
import { judgeVersion } from './version.ts';
import type { Bump } from './rules.ts';

describe('a version is raised by enough', () => {
  it.each<[from: string, to: string, required: Bump | null, enough: boolean, least: string]>([
    ['1.2.3', '1.2.3', null, true, '1.2.3'],
    ['1.2.3', '1.2.2', null, false, '1.2.3'],
    ['1.2.3', '9.0.0', null, true, '1.2.3'],
    ['1.2.3', '1.2.3', 'patch', false, '1.2.4'],
    ['1.2.3', '1.2.4', 'patch', true, '1.2.4'],
    ['1.2.3', '1.2.9', 'minor', false, '1.3.0'],
    ['1.2.3', '1.3.0', 'minor', true, '1.3.0'],
    ['1.2.3', '1.10.0', 'minor', true, '1.3.0'],
    ['1.2.3', '1.9.0', 'major', false, '2.0.0'],
    ['1.2.3', '2.0.0', 'major', true, '2.0.0'],
    ['1.2.3', '0.9.0', 'patch', false, '1.2.4'],
    ['1.2.3', '2.0.0-rc.1', 'major', true, '2.0.0'],
    ['1.2.3', '1.2.3-rc.1', 'patch', false, '1.2.4'],
    ['1.2.3', '1.2.3+build.2', 'patch', false, '1.2.4'],
    // A pre-release promises nothing yet.
    ['2.0.0-rc.1', '2.0.0-rc.2', 'major', true, '2.0.0'],
    ['2.0.0-rc.2', '2.0.0-rc.10', 'major', true, '2.0.0'],
    ['2.0.0-rc.1', '2.0.0', 'major', true, '2.0.0'],
    ['2.0.0-rc.1', '2.0.0-rc.1', 'patch', false, '2.0.0'],
    ['2.0.0-rc.1', '2.0.0-beta', 'patch', false, '2.0.0'],
    ['2.0.0-1', '2.0.0-alpha', 'patch', true, '2.0.0'],
    ['2.0.0-rc', '2.0.0-rc.1', 'patch', true, '2.0.0'],
    // Below 1.0.0 a minor version may break.
    ['0.3.1', '0.4.0', 'major', true, '0.4.0'],
    ['0.3.1', '0.3.2', 'major', false, '0.4.0'],
    ['0.3.1', '0.3.2', 'minor', true, '0.3.2'],
    ['0.3.1', '1.0.0', 'major', true, '0.4.0'],
  ])('%s to %s for %s: %s', (...[from, to, required, enough, least]) => {
    expect(judgeVersion(from, to, required)).toMatchObject({ from, to, enough, least });
  });
});
