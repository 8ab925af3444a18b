import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from './cli.ts';
import { fakeServer } from './testing/fake-server.ts';
import type { FakeServer } from './testing/fake-server.ts';
import { fakeTerminal } from './testing/fake-terminal.ts';
import { sampleArtifact, sampleRun } from './testing/sample-run.ts';

const ROOT = join(import.meta.dirname, '../../..');
const attempt = (round: number, title: string) => ({
  task: 'outline',
  stage: 'outline',
  round,
  attempt: round,
  state: 'done',
  startedAt: '2026-01-01T10:00:00.000Z',
  endedAt: '2026-01-01T10:00:01.000Z',
  provider: null,
  model: null,
  sent: { prompt: 'Plan it.' },
  output: { title },
  raw: null,
  toolCalls: [],
  usage: null,
  error: null,
  log: [],
});

let server: FakeServer;
beforeEach(async () => {
  server = await fakeServer({
    'GET /api/v1/runs': { body: { items: [], next: null, total: 0 } },
    'GET /api/v1/runs/run-1': { body: sampleRun({ artifacts: [sampleArtifact('book.epub')] }) },
    'POST /api/v1/runs/run-1/approve': { body: sampleRun({ state: 'running', waitingFor: [] }) },
    'POST /api/v1/runs/run-1/request-changes': {
      status: 409,
      body: {
        code: 'APPROVAL_STALE',
        detail: 'Round 2 waits, not 1.',
        hint: 'Look again.',
        state: 'approval_pending',
      },
    },
    'GET /api/v1/runs/run-1/attempts': { body: { items: [attempt(1, 'Bees'), attempt(2, 'Bees at home')] } },
    'GET /api/v1/templates': {
      body: { items: [{ name: 'ebook', title: 'E-book', description: 'A book.' }], total: 1 },
    },
    'GET /api/v1/templates/ebok': { status: 404, body: { code: 'TEMPLATE_NOT_FOUND', detail: 'No.' } },
  });
});
afterEach(() => server.close());

async function stagewright(
  args: string[],
  cwd = ROOT,
): Promise<{ code: number; out: string; err: string; stdin?: string }> {
  const terminal = fakeTerminal({
    cwd,
    env: { STAGEWRIGHT_SERVER: server.url, STAGEWRIGHT_TOKEN: 'secret-token' },
  });
  terminal.stdin.end('notes: All good.\n');
  const code = await runCli(args, terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('exit code 0: fine', () => {
  it.each([
    [['--version'], '0.1.0'],
    [['--help'], 'Decisions:'],
    [[], 'Usage: stagewright'],
    [['help', 'run'], 'Examples:'],
    [['check', 'registry'], '3 templates checked: 0 errors'],
    [['check', 'registry/templates/ebook', '--json'], '"checked": [\n    "ebook"'],
    [['runs'], 'No runs.'],
    [['show', 'run-1'], 'waits  outline, round 1'],
    [['show', 'run-1', '--json'], '"progress": 50'],
    [['artifacts', 'run-1'], 'book.epub'],
    [['approve', 'run-1'], 'running'],
    [['attempts', 'run-1'], 'Plan it.'],
    [['attempts', 'run-1', '--diff'], '+ title: Bees at home'],
    [['attempts', 'run-1', '--round', '1', '--json'], '"round": 1'],
  ])('%j', async (args, shown) => {
    const { code, out, err } = await stagewright(args);
    expect(out).toContain(shown);
    expect(err).toBe('');
    expect(code).toBe(0);
  });
});

describe('exit code 1: the thing checked or run failed', () => {
  it('when the server refuses: code, message and hint, and no stack', async () => {
    const { code, err } = await stagewright([
      'request-changes',
      'run-1',
      '--comment',
      'x',
      '--stage',
      'outline',
      '--round',
      '1',
    ]);
    expect(err).toBe('APPROVAL_STALE: Round 2 waits, not 1.\n  hint: Look again.\n');
    expect(code).toBe(1);
  });

  it('when there is no such run', async () => {
    expect(await stagewright(['show', 'other'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('RUN_NOT_FOUND'),
    });
  });

  it('when nothing waits for what was decided', async () => {
    const { code, err } = await stagewright(['submit-input', 'run-1', '--input', '-']);
    expect(err).toContain('STATE_CONFLICT: submit-input does not apply');
    expect(code).toBe(1);
  });

  it('when nobody answers at the address', async () => {
    const { code, err } = await stagewright(['show', 'run-1', '--server', 'http://127.0.0.1:1']);
    expect(err).toContain('SERVER_UNREACHABLE: No server answers at http://127.0.0.1:1.');
    expect(code).toBe(1);
  });

  it('when a template has an error', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'broken-'));
    mkdirSync(join(cwd, 'templates/tea'), { recursive: true });
    writeFileSync(join(cwd, 'templates/tea/template.yaml'), 'name: tea\n');
    const { code, out } = await stagewright(['check', '.'], cwd);
    expect(out).toMatch(/templates\/tea\/template\.yaml:\d+:\d+ {2}error {2}TEMPLATE_/);
    expect(code).toBe(1);
  });
});

describe('exit code 2: wrong use', () => {
  it.each([
    [['shwo'], 'Did you mean show?'],
    [['show'], "missing required argument 'run'"],
    [['runs', '--skip', '-1'], '--skip'],
    [['runs', '--limit', '0'], 'from 1 to 100'],
    [['runs', '--limit', 'many'], 'from 1 to 100'],
    [['runs', '--limit', '101'], 'from 1 to 100'],
    [['runs', '--limit', '1e1'], 'from 1 to 100'],
    [['runs', '--state', 'asleep'], 'Allowed choices'],
    [['approve', 'run-1', '--round', '1.5'], 'whole number'],
    [['attempts', 'run-1', '--round', 'x'], 'whole number'],
    [['resume', 'run-1', '--budget', 'lots'], 'amount above zero'],
    [['resume', 'run-1', '--budget', '-3'], 'amount above zero'],
    [['resume', 'run-1', '--budget', 'Infinity'], 'amount above zero'],
    [['serve', '--port', '70000'], 'from 0 to 65535'],
    [['serve', '--registry', 'docs'], 'CLI_REGISTRY_NOT_SERVABLE'],
    [['show', 'run-1', '--server', 'ftp://x'], 'must be an address'],
    [['run', 'ebok'], 'Did you mean "ebook"? There are: ebook, manuscript, website.'],
    [['run'], 'CLI_TEMPLATE_NEEDED'],
    [['run', 'ebook'], 'CLI_INPUT_MISSING: The template needs "topic"'],
    [['run', 'ebook', '--detach'], 'CLI_SERVER_NEEDED: --detach needs a server.'],
    [['run', 'ebook', '--wait'], 'CLI_SERVER_NEEDED'],
    [['run', 'ebook', '-i', 'topic'], 'CLI_INPUT_INVALID'],
    [['run', 'ebook', '--inputs', 'nowhere.yaml'], 'CLI_FILE_UNREADABLE'],
    [['check', 'nowhere'], 'CLI_NO_REGISTRY'],
    [['attempts', 'run-1', '--diff', '--round', '1'], 'CLI_NOTHING_TO_COMPARE'],
  ])('%j', async (args, shown) => {
    const { code, err } = await stagewright(args);
    expect(err).toContain(shown);
    expect(code).toBe(2);
    expect(server.requests.every(({ route }) => route.startsWith('GET '))).toBe(true);
  });

  it('names the templates of the server when there is none of that name', async () => {
    const { code, err } = await stagewright(['run', 'ebok', '--server', server.url]);
    expect(err).toBe(
      'TEMPLATE_NOT_FOUND: There is no template "ebok".\n  hint: Did you mean "ebook"? There are: ebook.\n',
    );
    expect(code).toBe(2);
  });

  it('lists templates when run is given none', async () => {
    expect((await stagewright(['run'])).out).toContain('manuscript  Manuscript to book');
  });
});

describe('what a command sends', () => {
  it('approve: the present round, with the comments as one', async () => {
    await stagewright(['approve', 'run-1', '--comment', 'Good.', '--comment', 'Go on.']);
    expect(server.requests.at(-1)).toEqual({
      route: 'POST /api/v1/runs/run-1/approve',
      token: 'Bearer secret-token',
      body: '{"stage":"outline","round":1,"comment":"Good.\\nGo on."}',
    });
  });

  it('runs: the filter', async () => {
    await stagewright(['runs', '--state', 'done', '--limit', '5', '--skip', '10']);
    expect(server.requests[0]?.route).toBe('GET /api/v1/runs?state=done&skip=10&limit=5');
  });
});

describe('a run in this process', () => {
  it('goes to its end with --approve and saves the files', async () => {
    const out = mkdtempSync(join(tmpdir(), 'books-'));
    const { code, out: shown } = await stagewright([
      'run',
      'ebook',
      '-i',
      'topic=Keeping bees',
      '-i',
      'chapters=1',
      '--approve',
      '--out',
      out,
    ]);
    expect(shown).toContain('outline: waits for approval');
    expect(readdirSync(out).map((name) => name.split('.').at(-1))).toEqual(['epub', 'pdf']);
    expect(shown).toContain(`saved ${out}`);
    expect(code).toBe(0);
  }, 60_000);

  it('that waits for a person and has none is a failure that says so', async () => {
    const { code, out } = await stagewright(['run', 'ebook', '-i', 'topic=Keeping bees', '-i', 'chapters=1']);
    expect(out).toContain('Without a server nobody can decide later');
    expect(code).toBe(1);
  }, 60_000);

  it('takes inputs from standard input and tells faults of all of them', async () => {
    const { code, err } = await stagewright(['run', 'ebook', '--inputs', '-', '-i', 'topic=x']);
    expect(err).toContain('INPUT_INVALID');
    expect(err).toContain('/topic: topic must have at least 3 characters');
    expect(err).toContain('notes');
    expect(code).toBe(1);
  }, 60_000);
});
