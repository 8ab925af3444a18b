import { describe, expect, it } from '@jest/globals';
import { commandRunnerContract } from './contracts/command-runner.contract.ts';
import { ScriptedCommandRunner } from './scripted-command-runner.ts';
import type { CommandRequest } from '../ports/command-runner.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function stamped({ files }: CommandRequest) {
  const others = files.filter(({ path }) => path !== 'page.txt');
  const page = files.find(({ path }) => path === 'page.txt');
  const text = `${new TextDecoder().decode(page?.content)}!`;
  const made = [
    { path: 'page.txt', content: bytes(text) },
    { path: 'made.txt', content: bytes('made') },
    { path: '.cache/x', content: bytes('') },
  ];
  return { files: [...others, ...made] };
}

commandRunnerContract({ describe, it, expect }, 'ScriptedCommandRunner', () => ({
  runner: new ScriptedCommandRunner({
    say: { script: ({ args }) => ({ output: args.map((arg) => `<${arg}>\n`).join('') }) },
    fail: { script: [{ exitCode: 3, output: 'broken\n' }] },
    stamp: { script: stamped },
    hang: { script: [{ hang: true }] },
    flood: { script: [{ limit: 'printed too much' }] },
    tool: { subcommands: ['check', 'lint'], script: [{}] },
  }),
}));

describe('a scripted command', () => {
  it('goes through its script and stays with the last of it', async () => {
    const runner = new ScriptedCommandRunner({ lint: { script: [{ exitCode: 1 }, { exitCode: 0 }] } });
    const origin = { run: 'r', stage: 's', task: 's', attempt: 1, iteration: 1 };
    const { signal } = new AbortController();
    const codes: number[] = [];
    for (let run = 0; run < 3; run += 1)
      codes.push((await runner.run({ command: 'lint', args: [], files: [], origin, signal })).exitCode);
    expect(codes).toEqual([1, 0, 0]);
    expect(runner.requests).toHaveLength(3);
  });
});
