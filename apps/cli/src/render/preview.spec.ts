import { describe, expect, it } from '@jest/globals';
import type { RunPreview, StagePreview } from '@stagewright/engine';
import { printable } from '../terminal.ts';
import { renderPreview } from './preview.ts';

const nothing = { least: 0, most: 0 };
const stage = (id: string, more: Partial<StagePreview>): StagePreview => ({
  stage: id,
  name: id,
  mode: 'ai',
  verdict: 'keep',
  dependsOn: [],
  tasks: null,
  approval: 'none',
  error: null,
  usd: nothing,
  tokens: nothing,
  ...more,
});
const preview = (stages: StagePreview[], more: Partial<RunPreview> = {}): RunPreview => ({
  run: 'run-1',
  verb: 'upgrade',
  revision: {
    template: 'ebook',
    version: '1.1.0',
    commit: '0123456789abcdef0123456789abcdef01234567',
    digest: 'd',
  },
  stages,
  usd: { least: 0.12, most: 0.2 },
  tokens: { least: 900, most: 1_400 },
  ...more,
});
const lines = (given: RunPreview): string[] => printable(renderPreview(given), false).split('\n');

describe('a preview in a terminal', () => {
  it('has a line for each stage, and then the cost', () => {
    const shown = lines(
      preview([
        stage('discovery', { verdict: 'reuse' }),
        stage('outline', { verdict: 'reuse', approval: 'stands' }),
        stage('chapters', {
          verdict: 'make',
          tasks: { make: 2, reuse: 3 },
          usd: { least: 0.12, most: 0.12 },
        }),
        stage('edit', {
          verdict: 'depends',
          dependsOn: ['chapters'],
          approval: 'depends',
          usd: { least: 0, most: 0.08 },
        }),
      ]),
    );
    expect(shown).toEqual([
      'upgrade  under ebook 1.1.0 at 0123456789ab',
      '',
      '  discovery  unchanged, is reused',
      '  outline    unchanged, is reused              approval stands',
      '  chapters   2 tasks are made again, 3 reused                                                      $0.12',
      '  edit       depends on chapters               to be approved again, unless it comes out the same  $0.00 to $0.08',
      '',
      '  likely cost  $0.12 to $0.20',
      '  tokens       900 to 1400',
      '  Nothing was decided: leave out --dry-run to do it.',
    ]);
  });

  it.each<[Partial<StagePreview>, string]>([
    [{ verdict: 'keep' }, 'is kept'],
    [{ verdict: 'make', tasks: { make: 1, reuse: 0 } }, 'is made again'],
    [{ verdict: 'make', tasks: { make: 4, reuse: 0 } }, '4 tasks are made again'],
    [{ verdict: 'ask' }, 'asks a person'],
    [{ verdict: 'skip' }, 'is skipped'],
    [{ verdict: 'wait' }, 'waits as before'],
    [{ verdict: 'make', usd: { least: 0, most: null } }, 'is made again    not known'],
  ])('says of %p: %s', (given, text) => {
    expect(lines(preview([stage('s', given)]))[2]).toBe(`  s  ${text}`);
  });

  it('says why a stage would fail, and that a price is not known', () => {
    const error = { code: 'PROMPT_VAR_UNKNOWN', message: 'There is no "x".', retryable: false };
    const shown = lines(
      preview([stage('s', { verdict: 'fail', error })], {
        usd: { least: 0.5, most: null },
        tokens: { least: 0, most: null },
      }),
    );
    expect(shown).toContain('  s: PROMPT_VAR_UNKNOWN: There is no "x".');
    expect(shown).toContain('  likely cost  $0.50 or more, how much is not known');
    expect(shown).toContain('  tokens       not known');
  });
});
