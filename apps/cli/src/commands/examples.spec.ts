import { describe, expect, it } from '@jest/globals';
import { createProgram } from '../program.ts';
import { fakeTerminal } from '../testing/fake-terminal.ts';
import { COMMAND_EXAMPLES } from './examples.ts';

const program = createProgram(fakeTerminal());
const lines = Object.entries(COMMAND_EXAMPLES).flatMap(([name, examples]) =>
  examples.map(({ line }) => [name, line] as const),
);

describe('examples of commands', () => {
  it('are there for every command, and for no other', () => {
    expect(Object.keys(COMMAND_EXAMPLES).sort()).toEqual(
      program.commands.map((command) => command.name()).sort(),
    );
  });

  it.each(lines)('%s: %s', (name, line) => {
    const [called, verb, ...rest] = wordsOf(line);
    const command = createProgram(fakeTerminal()).commands.find((one) => one.name() === name);
    expect([called, verb]).toEqual(['stagewright', name]);
    const parsed = command?.parseOptions(rest);
    expect(parsed?.unknown).toEqual([]);
    const most = command?.registeredArguments.length ?? 0;
    expect(parsed?.operands.length ?? 0).toBeLessThanOrEqual(most);
  });
});

/** The words of a command line, with double quotes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ''));
}
