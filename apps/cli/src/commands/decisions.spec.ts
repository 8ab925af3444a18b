import { describe, expect, it } from '@jest/globals';
import { sampleRun } from '../testing/sample-run.ts';
import { findForm, findGate } from './decisions.ts';
import { findDoubt } from './resolve.ts';

const gate = (stage: string, round = 1) => ({
  kind: 'approval' as const,
  stage,
  round,
  deadline: null,
  approvers: [],
});
const form = (task: string) => ({ kind: 'input' as const, stage: 'facts', task, assignees: [] });

describe('the gate of a decision', () => {
  it.each([
    ['the only one', [gate('outline', 2)], {}, { stage: 'outline', round: 2 }],
    ['the named one', [gate('a'), gate('b', 3)], { stage: 'b' }, { stage: 'b', round: 3 }],
    [
      'the round that was looked at, though a newer one waits',
      [gate('a', 2)],
      { round: 1 },
      { stage: 'a', round: 1 },
    ],
    [
      'what was named, though nothing waits: the server says why',
      [],
      { stage: 'a', round: 1 },
      { stage: 'a', round: 1 },
    ],
  ])('is %s', (_, waitingFor, options, expected) => {
    expect(findGate('approve', sampleRun({ waitingFor }), options)).toEqual(expected);
  });

  it.each([
    ['several wait and none is named', [gate('a'), gate('b')], {}, 'CLI_STAGE_NEEDED'],
    ['none waits', [form('facts')], {}, 'STATE_CONFLICT'],
    ['the named one does not wait', [gate('a')], { stage: 'b' }, 'STATE_CONFLICT'],
  ])('is refused when %s', (_, waitingFor, options, code) => {
    expect(() => findGate('approve', sampleRun({ waitingFor }), options)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('the form of an input', () => {
  it('is the only one, or the named one', () => {
    expect(findForm(sampleRun({ waitingFor: [form('facts')] }), undefined)).toEqual({
      stage: 'facts',
      task: 'facts',
    });
    const two = sampleRun({ waitingFor: [form('facts/0'), form('facts/1')] });
    expect(findForm(two, 'facts/1').task).toBe('facts/1');
    expect(() => findForm(two, undefined)).toThrow(expect.objectContaining({ code: 'CLI_STAGE_NEEDED' }));
    expect(() => findForm(sampleRun(), undefined)).toThrow(
      expect.objectContaining({ code: 'STATE_CONFLICT' }),
    );
  });
});

describe('what is in doubt', () => {
  const doubt = (task: string, attempt = 1) => ({
    kind: 'review' as const,
    stage: 'send',
    task,
    attempt,
    code: 'ACTION_OUTCOME_UNKNOWN',
    message: 'cut off',
  });

  it.each([
    ['the only one', [form('facts'), doubt('send', 3)], {}, { task: 'send', attempt: 3 }],
    ['the named one', [doubt('send/0'), doubt('send/1')], { task: 'send/1' }, { task: 'send/1', attempt: 1 }],
    ['the attempt that was looked at', [doubt('send', 3)], { attempt: 2 }, { task: 'send', attempt: 2 }],
    ['what was named whole', [], { task: 'send', attempt: 1 }, { task: 'send', attempt: 1 }],
  ])('is %s', (_, waitingFor, options, expected) => {
    expect(findDoubt(sampleRun({ waitingFor }), options)).toEqual(expected);
  });

  it.each([
    ['several are and none is named', [doubt('a'), doubt('b')], {}, 'CLI_STAGE_NEEDED'],
    ['nothing is', [gate('a')], {}, 'STATE_CONFLICT'],
  ])('is refused when %s', (_, waitingFor, options, code) => {
    expect(() => findDoubt(sampleRun({ waitingFor }), options)).toThrow(expect.objectContaining({ code }));
  });
});
