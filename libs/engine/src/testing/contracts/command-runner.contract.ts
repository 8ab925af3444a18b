import { withFixture } from './test-runner.ts';
import type { Fixture, TestRunner } from './test-runner.ts';
import type { CommandRequest, CommandRunner, WorkingFile } from '../../ports/command-runner.ts';

/**
 * A runner whose operator allows these commands:
 * `say` prints each argument on a line of its own, as `<argument>`; `fail` prints `broken` and exits with 3;
 * `stamp` writes `made.txt` with the text `made`, appends `!` to `page.txt`, and writes `.cache/x`;
 * `hang` does not end; `flood` prints without an end; `tool` is allowed with the sub-commands `check` and `lint` only.
 */
export interface CommandRunnerFixture extends Fixture {
  runner: CommandRunner;
}

/** What every implementation of the command runner port does. */
export function commandRunnerContract(
  runner: TestRunner,
  name: string,
  make: () => Promise<CommandRunnerFixture> | CommandRunnerFixture,
): void {
  const use = withFixture(make);
  runner.describe(`${name} keeps the contract of a command runner`, () => {
    runs(runner, use);
    refuses(runner, use);
    ends(runner, use);
  });
}

type Use = ReturnType<typeof withFixture<CommandRunnerFixture>>;

function runs({ it, expect }: TestRunner, use: Use): void {
  it(
    'hands over each argument as one, whatever a shell would make of it',
    use(async ({ runner }) => {
      const args = ['; id', '$(id)', '`id`', '| id', 'two\nlines', '*', '"', '', '--', '-x'];
      const { exitCode, output } = await runner.run(request('say', { args }));
      expect(exitCode).toBe(0);
      expect(output.replaceAll('\r\n', '\n')).toBe(args.map((arg) => `<${arg}>\n`).join(''));
    }),
  );

  it(
    'gives the exit code and what was printed',
    use(async ({ runner }) => {
      expect(await runner.run(request('fail'))).toMatchObject({ exitCode: 3, output: 'broken\n' });
    }),
  );

  it(
    'gives the files as the command left them, without hidden ones, and forgets them',
    use(async ({ runner }) => {
      const page = { path: 'page.txt', content: bytes('hello') };
      const deep = { path: 'a/b/deep.txt', content: bytes('deep') };
      const { files } = await runner.run(
        request('stamp', { files: [page, deep, { path: '.conf', content: bytes('') }] }),
      );
      expect(texts(files)).toEqual([
        ['a/b/deep.txt', 'deep'],
        ['made.txt', 'made'],
        ['page.txt', 'hello!'],
      ]);
      const next = await runner.run(request('say', { files: [page] }));
      expect(texts(next.files)).toEqual([['page.txt', 'hello']]);
    }),
  );
}

function refuses({ it, expect }: TestRunner, use: Use): void {
  it(
    'refuses a command that is not on the list, also by a path',
    use(async ({ runner }) => {
      for (const command of ['nowhere', '../bin/sh', '/bin/sh', 'say ', '', '__proto__', 'constructor']) {
        const refused = { command, code: 'CLI_NOT_ALLOWED' };
        expect({ command, code: codeOf(() => runner.admit(command)) }).toEqual(refused);
        await expect(runner.run(request(command))).rejects.toMatchObject({ code: 'CLI_NOT_ALLOWED' });
      }
    }),
  );

  it(
    'refuses a sub-command that is not listed, and none at all',
    use(async ({ runner }) => {
      expect(codeOf(() => runner.admit('tool', 'check'))).toBe(null);
      expect(codeOf(() => runner.admit('tool'))).toBe(null);
      for (const args of [['some-package'], ['--', 'check'], ['check '], []]) {
        expect(codeOf(() => runner.admit('tool', args[0] ?? null))).toBe('CLI_NOT_ALLOWED');
        await expect(runner.run(request('tool', { args }))).rejects.toMatchObject({
          code: 'CLI_NOT_ALLOWED',
        });
      }
      expect((await runner.run(request('tool', { args: ['lint', 'some-package'] }))).exitCode).toBe(0);
    }),
  );
}

function ends({ it, expect }: TestRunner, use: Use): void {
  it(
    'ends a command when the caller gives up, with the reason',
    use(async ({ runner }) => {
      const reason = new Error('called off');
      const already = AbortSignal.abort(reason);
      await expect(runner.run(request('hang', { signal: already }))).rejects.toBe(reason);
      const late = new AbortController();
      const running = runner.run(request('hang', { signal: late.signal }));
      setTimeout(() => late.abort(reason), 50);
      await expect(running).rejects.toBe(reason);
    }),
  );

  it(
    'ends a command that prints without an end',
    use(async ({ runner }) => {
      await expect(runner.run(request('flood'))).rejects.toMatchObject({
        code: 'CLI_LIMIT',
        retryable: false,
      });
    }),
  );
}

function request(command: string, given: Partial<CommandRequest> = {}): CommandRequest {
  return {
    command,
    args: [],
    files: [],
    origin: { run: 'run-1', stage: 'check', task: 'check', attempt: 1, iteration: 1 },
    signal: new AbortController().signal,
    ...given,
  };
}

function texts(files: WorkingFile[]): Array<[string, string]> {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return sorted.map(({ path, content }) => [path, new TextDecoder().decode(content)]);
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function codeOf(action: () => void): string | null {
  try {
    action();
    return null;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
