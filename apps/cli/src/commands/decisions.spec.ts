import { describe, expect, it } from '@jest/globals';
import { sampleRun } from '../testing/sample-run.ts';
import { findForm, findGate } from './decisions.ts';

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
