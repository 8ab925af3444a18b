import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { withRecordings } from './record-again.ts';

const RECORDED = {
  answers: { text: 'Tea.\nMore tea.\n', parts: { tasks: ['a', ''] } },
  usage: { text: { usd: 0.5 } },
};
const again = (text: string): string =>
  withRecordings('c.test.yaml', new TextEncoder().encode(text), RECORDED);

const CASE = `# A note.
title: A note   # short
answers:
  # What the model said.
  text: |
    Coffee.

    More coffee.

# Nothing.
usage: {text: {usd: 1}}   # dear
expect: {state: done}
`;

it('the answers and their cost are those of another run, and all else stays to the letter', () => {
  expect(again(CASE)).toBe(`# A note.
title: A note   # short
answers:
  text: |
    Tea.
    More tea.
  parts:
    tasks:
      - a
      - ""

# Nothing.
usage:
  text:
    usd: 0.5   # dear
expect: {state: done}
`);
});

it.each([
  ['a flow mapping', 'title: T\nanswers: {text: Coffee}\nexpect: {state: done}\n'],
  ['nothing', 'title: T\nanswers:\nexpect: {state: done}\n'],
  ['no answers', 'title: T\nexpect: {state: done}\n'],
  ['answers at the end', 'title: T\nexpect: {state: done}\nanswers:\n  text: >-\n    Coffee\n'],
])('in the place of %s', (_what, text) => {
  const result = again(text);
  expect(parse(result)).toEqual({ title: 'T', answers: RECORDED.answers, expect: { state: 'done' } });
});

it('a case in braces is refused', () => {
  expect(() => again('{title: T, expect: {state: done}}')).toThrow(/not written line by line/);
});
