import { describe, expect, it } from '@jest/globals';
import { StagewrightError } from '@stagewright/engine';
import type { RunFact, RunView } from '@stagewright/engine';
import { approveAll, followRun } from './follow-run.ts';
import type { ScriptStep } from './testing/scripted-host.ts';
import { scriptedHost } from './testing/scripted-host.ts';
import { fakeTerminal } from './testing/fake-terminal.ts';
import { sampleRun } from './testing/sample-run.ts';

const asks = (round: number): RunFact[] => [
  { type: 'stage.started', stage: 'outline', round, items: null },
  { type: 'approval.requested', stage: 'outline', round, deadline: null },
];
const waiting = (round: number): ScriptStep => ({
  facts: asks(round),
  run: sampleRun({
    version: round * 10,
    waitingFor: [{ kind: 'approval', stage: 'outline', round, deadline: null, approvers: [] }],
  }),
});
const done: ScriptStep = {
  facts: [{ type: 'run.completed', outputs: {} }],
  run: sampleRun({ state: 'done', waitingFor: [], progress: 100 }),
};
const quiet = { wait: false, quiet: true };

describe('following a run', () => {
  it('asks once for each wait, after all that led to it was shown', async () => {
    const terminal = fakeTerminal();
    const host = scriptedHost([waiting(1), waiting(2), done]);
    const asked: string[] = [];
    const decide = async (run: RunView): Promise<boolean> => {
      asked.push(`${JSON.stringify(run.waitingFor[0])} after ${terminal.out().split('\n').length - 1} lines`);
      return approveAll(host, run);
    };
    const ended = await followRun(terminal, host, sampleRun(), { decide, wait: false, quiet: false });
    expect(ended.state).toBe('done');
    expect(asked).toHaveLength(2);
    expect(asked[0]).toContain('"round":1,"deadline":null,"approvers":[]} after 2 lines');
    expect(asked[1]).toContain('"round":2');
    expect(host.sent.map((verb) => ('round' in verb ? verb.round : 0))).toEqual([1, 2]);
  });

  it('stops at a wait that nobody here can answer', async () => {
    const host = scriptedHost([waiting(1), done]);
    const left = await followRun(fakeTerminal(), host, sampleRun(), {
      ...quiet,
      decide: () => Promise.resolve(false),
    });
    expect(left.state).toBe('approval_pending');
    expect(host.sent).toEqual([]);
  });

  it('stops when what was answered is still waited for, as under a quorum', async () => {
    const host = scriptedHost([
      waiting(1),
      {
        facts: [
          {
            type: 'approval.given',
            stage: 'outline',
            round: 1,
            actor: { kind: 'user', id: 'ann' },
            comment: null,
          },
        ],
        run: waiting(1).run,
      },
    ]);
    const left = await followRun(fakeTerminal(), host, sampleRun(), {
      ...quiet,
      decide: (run) => approveAll(host, run),
    });
    expect(left.state).toBe('approval_pending');
    expect(host.sent).toHaveLength(1);
  });

  it('stays with --wait, and ends when it is interrupted', async () => {
    const terminal = fakeTerminal();
    const host = scriptedHost([waiting(1)]);
    setTimeout(() => terminal.interrupt(), 400);
    const left = await followRun(terminal, host, sampleRun(), {
      decide: () => Promise.resolve(false),
      wait: true,
      quiet: true,
    });
    expect(left.state).toBe('approval_pending');
    expect(terminal.signal.aborted).toBe(true);
  });

  it.each(['STATE_CONFLICT', 'APPROVAL_STALE'])('goes on when somebody was faster: %s', async (code) => {
    const terminal = fakeTerminal();
    const host = scriptedHost([waiting(1), done], () => new StagewrightError(code, 'Bo approved it.'));
    const decide = (run: RunView): Promise<boolean> => approveAll(host, run);
    const ended = await followRun(terminal, host, sampleRun(), { decide, wait: false, quiet: false });
    expect(ended.state).toBe('done');
    expect(terminal.out()).toContain('Somebody was faster: Bo approved it.');
  });

  it('fails with any other refusal', async () => {
    const host = scriptedHost(
      [waiting(1), done],
      () => new StagewrightError('APPROVAL_FORBIDDEN', 'Not you.'),
    );
    const following = followRun(fakeTerminal(), host, sampleRun(), {
      ...quiet,
      decide: (run) => approveAll(host, run),
    });
    await expect(following).rejects.toMatchObject({ code: 'APPROVAL_FORBIDDEN' });
  });

  it('shows nothing when it is quiet', async () => {
    const terminal = fakeTerminal();
    await followRun(terminal, scriptedHost([done]), sampleRun(), {
      ...quiet,
      decide: () => Promise.resolve(true),
    });
    expect(terminal.out()).toBe('');
  });
});

describe('--approve', () => {
  it('approves gates, lets stages go on, and cannot fill in forms', async () => {
    const host = scriptedHost([done]);
    const run = sampleRun({
      waitingFor: [
        { kind: 'approval', stage: 'outline', round: 3, deadline: null, approvers: [] },
        { kind: 'advance', stage: 'build' },
        { kind: 'input', stage: 'facts', task: 'facts', assignees: [] },
      ],
    });
    expect(await approveAll(host, run)).toBe(true);
    expect(host.sent).toEqual([
      { type: 'approve', stage: 'outline', round: 3 },
      { type: 'next-stage', stage: 'build' },
    ]);
    const form = sampleRun({ waitingFor: [{ kind: 'input', stage: 'facts', task: 'facts', assignees: [] }] });
    expect(await approveAll(host, form)).toBe(false);
  });
});
