import { describe, expect, it } from '@jest/globals';
import { fakeTerminal } from './testing/fake-terminal.ts';
import { print, printable, usesColour } from './terminal.ts';

const GREEN = '\u001b[32mok\u001b[39m';

describe('colours', () => {
  it.each([
    ['a terminal', true, {}, true],
    ['a pipe', false, {}, false],
    ['a pipe in CI', false, { CI: 'true' }, false],
    ['a terminal under NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['a pipe under FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['a terminal under FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['both', true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
  ])('on %s', (_, isTTY, env, expected) => {
    const terminal = fakeTerminal({ isTTY, env });
    expect(usesColour(terminal)).toBe(expected);
    print(terminal, GREEN);
    expect(terminal.out()).toBe(expected ? `${GREEN}\n` : 'ok\n');
  });
});

describe('text of others', () => {
  it.each([
    ['moves the cursor', 'a\u001b[2Jb', 'a[2Jb'],
    ['sets the title', '\u001b]0;owned\u0007', ']0;owned'],
    ['rings', 'a\u0007', 'a'],
    ['overwrites the line', 'safe\rrm -rf', 'saferm -rf'],
    ['uses the 8-bit form', 'a\u009b2Jb', 'a2Jb'],
    ['turns the direction', 'a\u202egnp.exe', 'agnp.exe'],
    ['hides behind a colour of another control', '\u0007[32m', ''],
  ])('that %s is tamed', (_, text, expected) => {
    expect(printable(text, true)).toBe(expected);
  });

  it('keeps lines, tabs and every script', () => {
    const text = 'Åse\tŁukasz\nNguyễn 蜂 🐝';
    expect(printable(text, false)).toBe(text);
  });
});
