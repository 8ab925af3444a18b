import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ProvenanceStatement, RunPreview, RunView } from '@stagewright/engine';

import { stagewright } from '../support/cli-process.ts';
import type { CliResult } from '../support/cli-process.ts';
import { ROOT } from '../support/root.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { apiOf } from './support/api.ts';
import type { Api } from './support/api.ts';
import { FORK_REGISTRY } from './support/fork-template.ts';
import { makeGitRegistry } from './support/git-registry.ts';
import type { GitRegistry } from './support/git-registry.ts';
import { describeOnEachDeployment } from './support/deployments.ts';
import type { Installation } from './support/installation.ts';

jest.setTimeout(120_000);

const REGISTRY = join(ROOT, 'registry');
const HAS_SCRIPT = spawnSync('script', ['--version']).error === undefined;
/** A terminal of its own for one command line, from util-linux. */
const onATerminal = HAS_SCRIPT ? it : it.skip;

function json<Body>({ code, stdout, stderr }: CliResult): Body {
  try {
    return JSON.parse(stdout) as Body;
  } catch {
    throw new Error(`No JSON (exit code ${code}): ${stdout}${stderr}`);
  }
}

describe('the command line without a server', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'stagewright-cli-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('ends with 0 for help, 2 for wrong use and 1 for what failed, and says why', async () => {
    const uses: Array<[args: string[], code: number, said: string]> = [
      [['--help'], 0, 'Usage: stagewright'],
      [['check', '--help'], 0, 'Usage: stagewright check'],
      [['frobnicate'], 2, 'frobnicate'],
      [['check', '--frobnicate'], 2, '--frobnicate'],
      [['check', '/nowhere'], 2, 'CLI_NO_REGISTRY'],
      [['run', 'ebook', '--frobnicate'], 2, '--frobnicate'],
      [['run', 'nothing', '--registry', REGISTRY], 2, 'TEMPLATE_NOT_FOUND'],
      [['run', 'ebook', '--registry', REGISTRY], 2, 'CLI_INPUT_MISSING'],
      [['run', 'ebook', '--registry', REGISTRY, '-i', 'topic'], 2, 'CLI_INPUT_INVALID'],
      [['run', 'ebook', '--registry', REGISTRY, '-i', 'topic=@/nowhere.txt'], 2, 'CLI_FILE_UNREADABLE'],
      [['run', 'ebook', '--registry', REGISTRY, '-i', 'topic=x'], 1, 'INPUT_INVALID'],
    ];
    const results = await Promise.all(uses.map(([args]) => stagewright(args)));
    const told = results.map(({ code, stdout, stderr }, index) => {
      const said = uses[index]?.[2] ?? '';
      return [uses[index]?.[0], code, (stdout + stderr).includes(said) ? said : stdout + stderr];
    });
    expect(told).toEqual(uses);
  });

  it('check finds nothing in the shipped registry, nor in one template of it', async () => {
    expect((await stagewright(['check', REGISTRY])).code).toBe(0);
    const one = await stagewright(['check', join(REGISTRY, 'templates/ebook'), '--json']);
    expect(json(one)).toEqual({ ok: true, checked: ['ebook'], findings: [] });
  });

  it('test replays every case, and ends with 1 when one says something else than what happens', async () => {
    const good = await stagewright(['test', REGISTRY, '--json']);
    expect(good.code).toBe(0);
    const { ok, cases } = json<{ ok: boolean; cases: Array<{ passed: boolean }> }>(good);
    expect({ ok, passed: cases.every(({ passed }) => passed) }).toEqual({ ok: true, passed: true });
    expect(cases.length).toBeGreaterThanOrEqual(3);

    const copy = join(folder, 'registry');
    cpSync(REGISTRY, copy, { recursive: true });
    const file = join(copy, 'templates/ebook/tests/approved-at-once.test.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('state: done', 'state: failed'));
    const bad = await stagewright(['test', copy, '--json']);
    expect(bad.code).toBe(1);
    const failed = json<{ cases: Array<{ path: string; passed: boolean }> }>(bad).cases.filter(
      ({ passed }) => !passed,
    );
    expect(failed.map(({ path }) => path)).toEqual(['templates/ebook/tests/approved-at-once.test.yaml']);
  });

  it('run makes a book of a folder of Markdown in this process, and saves it', async () => {
    const out = join(folder, 'book');
    const args = [
      'run',
      'manuscript',
      '--registry',
      REGISTRY,
      '-i',
      'manuscript=@docs/handbook',
      '--approve',
      '--out',
      out,
    ];
    const result = await stagewright(args);
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' });
    const files = readdirSync(out).sort();
    expect(files.map((name) => name.split('.').at(-1))).toEqual(['epub', 'pdf']);
    const [epub = Buffer.alloc(0), pdf = Buffer.alloc(0)] = files.map((name) =>
      readFileSync(join(out, name)),
    );
    expect(epub.subarray(30, 58).toString()).toBe('mimetypeapplication/epub+zip');
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(result.stdout).toContain('placeholder');
  });

  it('run that nobody approves ends with 1 and says what it waits for', async () => {
    const result = await stagewright([
      'run',
      'ebook',
      '--registry',
      REGISTRY,
      '-i',
      'topic=Tea',
      '-i',
      'chapters=1',
    ]);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('outline, round 1');
  });

  onATerminal(
    'run asks on a terminal for what is missing, and for the decision (skipped without `script`)',
    async () => {
      const command = [
        'stty cols 100 rows 40;',
        process.execPath,
        'apps/cli/dist/bundle/main.js',
        'run',
        'ebook',
        '--registry',
        'registry',
        '-i',
        'chapters=1',
      ].join(' ');
      const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', TERM: 'xterm' };
      const child = spawn('script', ['-qfec', command, '/dev/null'], { cwd: ROOT, env });
      let screen = '';
      const answers: Array<[RegExp, string]> = [
        [/What the book is about/, 'Keeping bees\r'],
        [/What do you decide\?[\s\S]*Approve/, '\r'],
      ];
      child.stdout.on('data', (chunk: Buffer) => {
        screen += chunk.toString();
        const [question, answer] = answers[0] ?? [];
        if (question === undefined || answer === undefined || !question.test(screen)) return;
        answers.shift();
        setTimeout(() => child.stdin.write(answer), 300);
      });
      const code = await new Promise<number | null>((done) => child.once('exit', done));
      expect({ code, unasked: answers.length }).toEqual({ code: 0, unasked: 0 });
      expect(screen).toContain('Keeping bees');
    },
  );
});

describeOnEachDeployment(describe, 'the command line with a server', ({ install }) => {
  let folder: string;
  let registry: GitRegistry;
  let place: Installation;
  let server: ServerProcess;
  let api: Api;
  const onServer = (args: string[], env: Record<string, string> = {}): Promise<CliResult> =>
    stagewright([...args, '--server', server.url], { cwd: folder, env: { DATA_DIR: place.dataDir, ...env } });
  const detached = async (...inputs: string[]): Promise<{ id: string; state: string }> =>
    json(await onServer(['run', 'fork', ...inputs.flatMap((input) => ['-i', input]), '--detach', '--json']));
  const parked = async (...inputs: string[]): Promise<string> => {
    const { id } = await detached('gate=true', ...inputs);
    await api.until(id, 'approval_pending');
    return id;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stagewright-cli-'));
    registry = makeGitRegistry({ copyOf: REGISTRY });
    for (const [path, text] of Object.entries(FORK_REGISTRY))
      if (path.startsWith('templates/')) registry.put(path, text);
    registry.publish('Shipped, and fork');
    place = await install({ REGISTRY_URL: registry.url });
    server = await place.start();
    api = apiOf(server);
  });
  afterAll(async () => {
    await place.remove();
    registry.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('run --detach --json says the id and the state, and returns while the run goes on', async () => {
    const { id, state } = await detached('gate=true');
    expect(state).toBe('running');
    expect((await api.until(id, 'approval_pending')).inputs).toMatchObject({ gate: true });
  });

  it('run takes inputs from a file, single ones over them, and texts from files', async () => {
    writeFileSync(join(folder, 'in.yaml'), 'gate: true\nform: true\nword: from the file\n');
    writeFileSync(join(folder, 'word.txt'), 'from a text file');
    const { id } = json<RunView>(
      await onServer([
        'run',
        'fork',
        '--inputs',
        'in.yaml',
        '-i',
        'form=false',
        '-i',
        'word=@word.txt',
        '--detach',
        '--json',
      ]),
    );
    expect((await api.run(id)).inputs).toMatchObject({ gate: true, form: false, word: 'from a text file' });
  });

  it('run uploads a folder, follows the run, and artifacts saves what it made', async () => {
    const handbook = join(ROOT, 'docs/handbook');
    const result = await onServer([
      'run',
      'manuscript',
      '-i',
      `manuscript=@${handbook}`,
      '--approve',
      '--json',
    ]);
    expect(result.code).toBe(0);
    const run = json<RunView>(result);
    expect(run).toMatchObject({ state: 'done', progress: 100 });

    const listed = json<{ artifacts: Array<{ name: string; size: number }> }>(
      await onServer(['artifacts', run.id, '--json']),
    );
    expect(listed.artifacts).toEqual(run.artifacts);
    const saved = await onServer(['artifacts', run.id, '--out', 'saved']);
    expect(saved.code).toBe(0);
    for (const { name, size } of run.artifacts)
      expect(readFileSync(join(folder, 'saved', name)).length).toBe(size);

    expect((await onServer(['artifacts', run.id, '--out', 'signed', '--provenance'])).code).toBe(0);
    for (const { name, digest } of run.artifacts) {
      const statement = json<ProvenanceStatement>(await onServer(['verify', join('signed', name), '--json']));
      expect(statement.subject).toEqual([{ name, digest: { sha256: digest } }]);
      writeFileSync(join(folder, 'signed', name), 'something else');
      expect(await onServer(['verify', join('signed', name)])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('PROVENANCE_BROKEN'),
      });
    }
  });

  it('show and runs print what programs need', async () => {
    const id = await parked();
    const shown = json<RunView>(await onServer(['show', id, '--json']));
    expect(shown).toMatchObject({ id, state: 'approval_pending', artifacts: [] });
    expect(shown.progress).toBeGreaterThan(0);
    expect(shown.stages.map((stage) => stage.id)).toContain('gate');
    expect((await onServer(['show', id])).stdout).toContain('gate, round 1');
    const listed = json<{ items: Array<{ id: string }>; total: number }>(
      await onServer(['runs', '--state', 'approval_pending', '--limit', '1', '--json']),
    );
    expect(listed.items.map((run) => run.id)).toEqual([id]);
    expect(listed.total).toBeGreaterThanOrEqual(1);
  });

  it('the verbs do what they say, and end with 0', async () => {
    const id = await parked('fail=false');
    const verb = async (...args: string[]): Promise<string> => {
      const result = await onServer([args[0] ?? '', id, ...args.slice(1), '--json']);
      expect({ args, code: result.code, stderr: result.stderr }).toEqual({ args, code: 0, stderr: '' });
      return json<RunView>(result).state;
    };
    expect(await verb('pause')).toBe('paused');
    expect(await verb('resume')).toBe('approval_pending');
    await verb('request-changes', '--comment', 'Shorter, please.');
    expect(
      (await api.until(id, 'approval_pending')).stages.find((stage) => stage.id === 'gate')?.changes,
    ).toMatchObject([{ round: 1, comments: [{ body: 'Shorter, please.' }] }]);
    await verb('approve', '--comment', 'Good.');
    await api.until(id, 'done');
    const dry = await onServer(['rerun', id, '--from', 'gate', '--dry-run']);
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('to be approved again') });
    const preview = json<RunPreview>(await onServer(['upgrade', id, '--dry-run', '--json']));
    expect(preview.stages.every(({ verdict }) => verdict !== 'make')).toBe(true);
    expect((await api.run(id)).state).toBe('done');
    expect(await verb('upgrade')).toMatch(/running|done/);
    await api.until(id, 'done');
    await verb('rerun', '--from', 'gate');
    await api.until(id, 'approval_pending');
    expect(await verb('cancel', '--reason', 'Enough.')).toBe('cancelled');

    const broken = (await detached('fail=true')).id;
    await api.until(broken, 'failed');
    expect((await onServer(['retry', broken])).code).toBe(0);
  });

  it('a refused verb ends with 1 and says the code', async () => {
    const id = await parked();
    for (const args of [
      ['resume', id],
      ['retry', id],
      ['start', id],
    ]) {
      const { code, stderr } = await onServer(args);
      expect({ args, code, said: stderr.includes('STATE_CONFLICT') }).toEqual({ args, code: 1, said: true });
    }
    const stale = await onServer(['approve', id, '--round', '7']);
    expect(stale.code).toBe(1);
    expect(stale.stderr).toContain('APPROVAL_STALE');
    expect(await onServer(['show', 'nowhere'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('RUN_NOT_FOUND'),
    });
  });

  it('run that fails ends with 1, and shows why', async () => {
    const result = await onServer(['run', 'fork', '-i', 'fail=true']);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('EXPRESSION_FAILED');
  });

  it('the token is found in DATA_DIR, or taken from STAGEWRIGHT_TOKEN; without one nothing is asked', async () => {
    const args = ['runs', '--server', server.url];
    expect((await stagewright(args, { cwd: folder, env: { STAGEWRIGHT_TOKEN: server.token } })).code).toBe(0);
    const wrong = await stagewright(args, { cwd: folder, env: { STAGEWRIGHT_TOKEN: 'x'.repeat(43) } });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('AUTH_INVALID') });
    expect(wrong.stderr).not.toContain('xxxxx');
    expect(await stagewright(args, { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('CLI_NO_TOKEN'),
    });
  });

  it('a server that is not there ends with 1', async () => {
    const args = ['runs', '--server', 'http://127.0.0.1:1'];
    expect(await stagewright(args, { env: { STAGEWRIGHT_TOKEN: server.token } })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SERVER_UNREACHABLE'),
    });
  });
});
