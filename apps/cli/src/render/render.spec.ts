import { describe, expect, it } from '@jest/globals';
import type { RunWait } from '@stagewright/engine';
import { sampleArtifact, sampleRun, sampleStage } from '../testing/sample-run.ts';
import { printable } from '../terminal.ts';
import { renderAttempts } from './attempts.ts';
import { renderComparison } from './comparison.ts';
import { countFindings, renderFinding } from './findings.ts';
import { duration, money, size, table } from './format.ts';
import { excerpt, readable } from './readable.ts';
import { renderRunList } from './run-list.ts';
import { renderArtifacts, renderNextSteps, renderRun, renderSummary, waitText } from './run-summary.ts';
import { diffLines } from '@stagewright/engine/text';

const plain = (text: string): string => printable(text, false);

describe('figures', () => {
  it.each([
    [-5, '0.0 s'],
    [440, '0.4 s'],
    [9_940, '9.9 s'],
    [12_400, '12 s'],
    [185_000, '3 min 05 s'],
    [3_599_800, '60 min 00 s'],
  ])('%d ms is %s', (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [0, '$0.00'],
    [0.0012, '$0.0012'],
    [1.239, '$1.24'],
    [null, '30 tokens, price unknown'],
  ])('%p dollars is %s', (usd, text) => expect(money({ inputTokens: 10, outputTokens: 20, usd })).toBe(text));

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [14_240, '14.2 kB'],
    [3_100_000, '3.1 MB'],
  ])('%d bytes is %s', (bytes, text) => expect(size(bytes)).toBe(text));

  it('a table aligns its columns and leaves no blanks at the end', () => {
    expect(
      table([
        ['a', 'bb', 'c'],
        ['aaa', 'b', ''],
      ]),
    ).toBe('a    bb  c\naaa  b');
    expect(table([])).toBe('');
  });
});

describe('a run in a terminal', () => {
  it('shows its head, stages, waits and files', () => {
    const run = sampleRun({
      placeholder: true,
      artifacts: [sampleArtifact('book.epub')],
      stages: [sampleStage({ id: 'outline', round: 2, tasks: [task(0, 2), task(1, 1)] })],
    });
    expect(plain(renderRun(run))).toBe(
      [
        'Bees  approval_pending  50 %',
        '  run       run-1',
        '  revision  ebook 1.0.0 at cccccccccccc, digest eeeeeeeeeeee',
        '  spent     $0.50',
        '  The text is a placeholder: it was made offline, without a model.',
        '',
        '  outline  done  round 2  2/2 tasks  3 attempts',
        '',
        '  waits  outline, round 1: approve, or request changes',
        '',
        '  book.epub  12 B  sha256 dddddddddddddddd  id-book.epub',
      ].join('\n'),
    );
  });

  it('says why it failed and what can be done', () => {
    const error = { code: 'BUDGET_EXCEEDED', message: 'Too much.', hint: 'Raise it.', retryable: false };
    const run = sampleRun({ state: 'failed', error, endedAt: '2026-01-01T10:01:10.000Z' });
    expect(plain(renderRun(run))).toContain('BUDGET_EXCEEDED: Too much.\n  hint: Raise it.');
    expect(plain(renderSummary(run))).toBe(
      'failed  ebook 1.0.0 (cccccccccccc)\n2 stages, 0 attempts, 1 min 10 s, $0.50\nBUDGET_EXCEEDED: Too much.\n  hint: Raise it.',
    );
  });

  it.each<[RunWait, string | null, string]>([
    [
      { kind: 'approval', stage: 'a', round: 2, deadline: null, approvers: [] },
      'a, round 2: approve, or request changes',
      'approve run-1',
    ],
    [
      { kind: 'input', stage: 'a', task: 'a/1', assignees: [] },
      'a/1: input from any member',
      'submit-input run-1',
    ],
    [
      { kind: 'input', stage: 'a', task: 'a', assignees: ['user:bo'] },
      'a: input from user:bo',
      'submit-input run-1',
    ],
    [{ kind: 'advance', stage: 'a' }, 'a: next stage', 'next-stage run-1'],
    [
      { kind: 'budget', usd: 4, spent: 4.5 },
      'budget: $4.50 of $4 spent; resume with a higher one',
      'resume run-1 --budget 9',
    ],
    [
      { kind: 'timer', timer: { kind: 'deadline', stage: 'a', round: 1, at: 'x' } as never },
      null,
      'show run-1',
    ],
    [
      { kind: 'timer', timer: { kind: 'retry', task: 'a', attempt: 2, at: 'x' } as never },
      'a: tried again at x',
      'show run-1',
    ],
  ])('%j is "%s", and "%s" goes on', (wait, text, command) => {
    expect(waitText(wait)).toBe(text);
    const steps = renderNextSteps(sampleRun({ waitingFor: [wait] }), { onServer: true, interrupted: false });
    expect(steps).toContain(`stagewright ${command}`);
  });

  it('says what becomes of a run that is left alone', () => {
    const run = sampleRun();
    expect(renderNextSteps(run, { onServer: false, interrupted: false })).toContain('use --approve');
    expect(renderNextSteps(run, { onServer: false, interrupted: true })).toBe(
      'Interrupted: the run ended with this process.',
    );
    expect(renderNextSteps(run, { onServer: true, interrupted: true })).toContain(
      'It goes on: stagewright show run-1',
    );
  });

  it('lists runs, and how many there are more', () => {
    const run = {
      id: 'r',
      title: 'Bees',
      template: 'ebook',
      state: 'done' as const,
      progress: 100,
      createdAt: '2026-01-01T10:00:00.000Z',
    };
    expect(renderRunList([run], 7, 'later')).toBe(
      'RUN  TEMPLATE  STATE  DONE   CREATED              TITLE\nr    ebook     done   100 %  2026-01-01T10:00:00  Bees\n1 of 7 runs. The next ones: --after later',
    );
    expect(renderRunList([run], 1_000, 'later')).toContain('1 of 1000 or more runs.');
    expect(renderRunList([], 0, null)).toBe('No runs.');
    expect(renderArtifacts(sampleRun())).toEqual([]);
  });
});

describe('findings', () => {
  const finding = {
    code: 'TEMPLATE_UNKNOWN_STAGE',
    severity: 'error' as const,
    message: 'There is no stage "a".',
    file: 't.yaml',
    line: 3,
    column: 7,
  };
  it('name the place, the code, what is wrong and how to mend it', () => {
    expect(plain(renderFinding({ ...finding, hint: 'Did you mean "b"?' }))).toBe(
      't.yaml:3:7  error  TEMPLATE_UNKNOWN_STAGE\n  There is no stage "a".\n  hint: Did you mean "b"?',
    );
    expect(plain(renderFinding(finding))).not.toContain('hint');
  });
  it('are counted', () => {
    expect(countFindings([finding])).toBe('1 error, 0 warnings');
    expect(countFindings([finding, finding, { ...finding, severity: 'warning' }])).toBe(
      '2 errors, 1 warning',
    );
  });
});

describe('outputs to read', () => {
  it.each([
    ['text\n', 'text'],
    [null, 'null'],
    [{ title: 'Bees', chapters: [{ title: 'Hive' }] }, 'title: Bees\nchapters:\n  - title: Hive'],
    [{ text: 'One.\nTwo.' }, 'text: |-\n  One.\n  Two.'],
  ])('%j', (value, text) => expect(readable(value)).toBe(text));

  it('are cut to a screen, and say by how much', () => {
    expect(excerpt('a\nb\nc', 3)).toBe('a\nb\nc');
    expect(excerpt('a\nb\nc', 1)).toBe('a\n... 2 more lines');
  });
});

describe('attempts', () => {
  const attempt = {
    task: 'outline',
    stage: 'outline',
    round: 1,
    attempt: 2,
    state: 'done' as const,
    startedAt: '2026-01-01T10:00:00.000Z',
    endedAt: '2026-01-01T10:00:02.000Z',
    provider: 'openai',
    model: 'm',
    sent: { system: 'Be brief.', prompt: 'Plan it.' },
    output: { title: 'Bees' },
    raw: null,
    toolCalls: [],
    usage: { inputTokens: 1, outputTokens: 1, usd: 0.02 },
    error: null,
    log: [],
  };

  it('show what was sent and what came back', () => {
    expect(plain(renderAttempts([attempt]))).toBe(
      'outline, attempt 2  round 1  done  2.0 s  openai m  $0.02\n  sent\n    Be brief.\n\n    Plan it.\n  came back\n    title: Bees',
    );
    expect(renderAttempts([])).toBe('No attempts.');
  });

  it('show the raw text, the tools and the error of one that failed', () => {
    const error = { code: 'OUTPUT_INVALID', message: 'No title.', hint: 'Ask for one.', retryable: false };
    const toolCalls = [{ id: '1', action: 'http/request', input: null, output: null, error }];
    const shown = plain(
      renderAttempts([
        {
          ...attempt,
          state: 'failed',
          output: null,
          raw: 'Sure!',
          error,
          toolCalls,
          sent: { with: { a: 1 } },
        },
      ]),
    );
    expect(shown).toContain('  sent\n    with:\n      a: 1');
    expect(shown).toContain('  tools\n    http/request (OUTPUT_INVALID)');
    expect(shown).toContain('  raw text, which did not fit the contract\n    Sure!');
    expect(shown).toContain('  error\n    OUTPUT_INVALID: No title.\n    hint: Ask for one.');
  });

  it('are compared line by line', () => {
    const after = { ...attempt, round: 2, output: { title: 'Bees at home' } };
    expect(plain(renderComparison(attempt, after))).toBe(
      'outline: round 1 (-) and round 2 (+)\n- title: Bees\n+ title: Bees at home',
    );
  });

  it.each([
    ['a\nb\nc', 'a\nc', ' a|-b| c'],
    ['a', 'a', ' a'],
    ['', 'x', '-|+x'],
    ['a\nb', 'b\na', '-a| b|+a'],
  ])('%j to %j', (before, after, expected) => {
    expect(
      diffLines(before, after)
        .map(({ sign, text }) => sign + text)
        .join('|'),
    ).toBe(expected);
  });

  it('of enormous length are shown as replaced instead of filling the memory', () => {
    const long = 'x\n'.repeat(3_000);
    expect(diffLines(long, long).filter(({ sign }) => sign === ' ')).toEqual([]);
  });
});

function task(index: number, attempt: number) {
  return {
    id: `outline/${index}`,
    index,
    state: 'done' as const,
    attempt,
    error: null,
    retryAt: null,
    artifacts: [],
  };
}
