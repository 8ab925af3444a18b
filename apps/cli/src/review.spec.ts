import { describe, expect, it } from '@jest/globals';
import type { RunView } from '@stagewright/engine';
import { decideAtTerminal } from './review.ts';
import { fakeTerminal } from './testing/fake-terminal.ts';
import { sampleRun } from './testing/sample-run.ts';
import { scriptedHost } from './testing/scripted-host.ts';

const ENTER = '\r';
const DOWN = '\u001b[B';
const CTRL_C = '\u0003';

/** Plays keys into the prompts, one after the other, as a person would. */
async function play(
  run: RunView,
  keys: string[],
): Promise<{ decided: boolean; sent: unknown[]; shown: string }> {
  const terminal = fakeTerminal({ isTTY: true });
  const host = scriptedHost([{ facts: [], run }]);
  const typing = (async () => {
    for (const key of keys) {
      await new Promise((done) => setTimeout(done, 60));
      terminal.stdin.write(key);
    }
  })();
  const decided = await decideAtTerminal(terminal, host, run);
  await typing;
  return { decided, sent: host.sent, shown: terminal.out() };
}

describe('deciding at the terminal', () => {
  it('shows what is to be approved as a person reads it, and approves that round', async () => {
    const { decided, sent, shown } = await play(sampleRun(), [ENTER]);
    expect(decided).toBe(true);
    expect(sent).toEqual([{ type: 'approve', stage: 'outline', round: 1 }]);
    expect(shown).toContain('Outline, round 1:\n\ntitle: Bees\nchapters:\n  - Hive\n  - Honey\n');
  });

  it('asks for a remark when changes are requested', async () => {
    const { decided, sent } = await play(sampleRun(), [DOWN, ENTER, 'Shorter', ENTER]);
    expect(decided).toBe(true);
    expect(sent).toEqual([
      { type: 'request-changes', stage: 'outline', round: 1, comments: [{ body: 'Shorter' }] },
    ]);
  });

  it.each([
    ['later is chosen', [DOWN, DOWN, ENTER]],
    ['the question is left', [CTRL_C]],
    ['the remark is left', [DOWN, ENTER, CTRL_C]],
  ])('decides nothing when %s', async (_, keys) => {
    expect(await play(sampleRun(), keys)).toMatchObject({ decided: false, sent: [] });
  });

  it('lets a stage go on', async () => {
    const run = sampleRun({ waitingFor: [{ kind: 'advance', stage: 'build' }] });
    expect((await play(run, [ENTER])).sent).toEqual([{ type: 'next-stage', stage: 'build' }]);
  });

  it('takes a form as JSON, and asks again until it is', async () => {
    const run = sampleRun({ waitingFor: [{ kind: 'input', stage: 'facts', task: 'facts', assignees: [] }] });
    const { sent, shown } = await play(run, ['{"a":', ENTER, '1}', ENTER]);
    expect(shown).toContain('This is not JSON.');
    expect(sent).toEqual([{ type: 'submit-input', stage: 'facts', task: 'facts', input: { a: 1 } }]);
  });

  it('takes a budget above what is spent', async () => {
    const run = sampleRun({ state: 'paused', waitingFor: [{ kind: 'budget', usd: 4, spent: 4.5 }] });
    const { sent, shown } = await play(run, ['4', ENTER, '0', ENTER]);
    expect(shown).toContain('More than 4.50.');
    expect(sent).toEqual([{ type: 'resume', budgetUsd: 40 }]);
  });

  it('does not ask about timers', async () => {
    const timer = { kind: 'retry' as const, task: 'a', attempt: 1, at: '2026-01-01T00:00:00.000Z' };
    const run = sampleRun({ waitingFor: [{ kind: 'timer', timer: timer as never }] });
    expect(await play(run, [])).toMatchObject({ decided: false, sent: [] });
  });
});
