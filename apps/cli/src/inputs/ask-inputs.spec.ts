import { describe, expect, it } from '@jest/globals';
import type { JsonSchema } from '@stagewright/engine';
import { fakeTerminal } from '../testing/fake-terminal.ts';
import { askInputs, missingInputs } from './ask-inputs.ts';

const SCHEMA: JsonSchema = {
  type: 'object',
  required: ['topic', 'chapters', 'tone'],
  properties: {
    topic: { type: 'string', minLength: 3, title: 'Topic', description: 'What it is about.' },
    chapters: { type: 'integer', minimum: 1, maximum: 40 },
    tone: { enum: ['warm', 'dry'] },
  },
};
const ENTER = '\r';
const DOWN = '\u001b[B';

async function play(names: string[], keys: string[]): Promise<{ answers: unknown; shown: string }> {
  const terminal = fakeTerminal({ isTTY: true });
  const typing = (async () => {
    for (const key of keys) {
      await new Promise((done) => setTimeout(done, 60));
      terminal.stdin.write(key);
    }
  })();
  const answers = await askInputs(terminal, SCHEMA, names).catch((error: unknown) => error);
  await typing;
  return { answers, shown: terminal.out() };
}

describe('inputs that are missing', () => {
  it('are the required ones that were not given', () => {
    expect(missingInputs(SCHEMA, new Set(['chapters', 'other']))).toEqual(['topic', 'tone']);
    expect(missingInputs({}, new Set())).toEqual([]);
  });

  it('are asked for by their title and description, and checked while they are typed', async () => {
    const { answers, shown } = await play(['topic'], ['ab', ENTER, 'c', ENTER]);
    expect(shown).toContain('Topic: What it is about.');
    expect(shown).toContain('At least 3 characters.');
    expect(answers).toEqual([{ name: 'topic', text: 'abc' }]);
  });

  it.each([
    ['x', 'A number, please.'],
    ['1.5', 'A whole number, please.'],
    ['0', 'At least 1.'],
    ['41', 'At most 40.'],
  ])('a number typed as %s is refused: %s', async (typed, complaint) => {
    const clear = Array.from(typed, () => '\u007f');
    const { answers, shown } = await play(['chapters'], [typed, ENTER, ...clear, '7', ENTER]);
    expect(shown).toContain(complaint);
    expect(answers).toEqual([{ name: 'chapters', text: '7' }]);
  });

  it('are chosen from a list where the schema has one', async () => {
    expect((await play(['tone'], [DOWN, ENTER])).answers).toEqual([{ name: 'tone', text: 'dry' }]);
  });

  it('are named when the question is left, or nobody can be asked', async () => {
    expect((await play(['topic'], ['\u0003'])).answers).toMatchObject({ code: 'CLI_INPUT_MISSING' });
    const asked = askInputs(fakeTerminal(), SCHEMA, ['topic', 'tone']);
    await expect(asked).rejects.toMatchObject({ message: 'The template needs "topic", "tone".' });
    expect(await askInputs(fakeTerminal(), SCHEMA, [])).toEqual([]);
  });
});
