/**
 * Generated files equal what the code would write now. When one does not: run `npm run generate`, read the difference, and commit it with
 * the change that caused it.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../support/root.ts';

describe('generated files', () => {
  it('are as the code would write them now', () => {
    // In a process of its own: the generators run on the built packages, as `npm run generate` does.
    const report = execFileSync(process.execPath, [join(ROOT, 'test/drift/compare.ts')], {
      encoding: 'utf8',
    });
    expect(report).toBe('');
  }, 60_000);
});
