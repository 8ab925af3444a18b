import { describe, expect, it } from '@jest/globals';
import { planOf } from '../testing/plan-of.ts';
import { defaultTitle } from './default-title.ts';

const plan = (inputs: object) => ({ ...planOf([]), title: 'E-book', inputs: inputs as never });
const BOOK = {
  type: 'object',
  required: ['manuscript', 'topic'],
  properties: {
    manuscript: { type: 'string', format: 'artifact' },
    topic: { type: 'string' },
    chapters: { type: 'integer' },
  },
};

describe('the title of a run that was given none', () => {
  it.each([
    ['the first text that is asked for', BOOK, { manuscript: 'a-1', topic: 'Bees' }, 'E-book: Bees'],
    ['one line of it', BOOK, { topic: ' Bees\n  in   gardens ' }, 'E-book: Bees in gardens'],
    ['nothing when it is blank', BOOK, { topic: ' \n' }, 'E-book'],
    [
      'nothing when only an upload is asked for',
      { ...BOOK, required: ['manuscript'] },
      { manuscript: 'a-1' },
      'E-book',
    ],
    ['nothing when no text is asked for', { type: 'object' }, { topic: 'Bees' }, 'E-book'],
    ['nothing of a name that every object has', { type: 'object', required: ['constructor'] }, {}, 'E-book'],
  ])('is that of the template and %s', (_what, schema, inputs, expected) => {
    expect(defaultTitle(plan(schema), inputs)).toBe(expected);
  });

  it('is cut between letters, never inside one', () => {
    const title = defaultTitle(plan(BOOK), { topic: '🐝'.repeat(500) });
    expect([...title]).toHaveLength(120);
    expect(title).toMatch(/^E-book: (🐝)+…$/u);
  });
});
