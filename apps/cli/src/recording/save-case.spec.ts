import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunOnRecord } from '@stagewright/engine/testing';
import { runCli } from '../cli.ts';
import { createHermeticHost } from '../hosts/hermetic-host.ts';
import { fakeServer } from '../testing/fake-server.ts';
import type { FakeServer } from '../testing/fake-server.ts';
import { fakeTerminal } from '../testing/fake-terminal.ts';
import { NOTE_CASE, noteFile, noteRegistry } from '../testing/note-registry.ts';
import { knownSecrets } from './known-secrets.ts';

const CASE = 'templates/note/tests/on-tea.test.yaml';
const SECRET = 'swordfish-tea';
let server: FakeServer | null = null;
afterEach(() => server?.close());

async function stagewright(cwd: string, args: string[], env: Record<string, string> = {}) {
  const terminal = fakeTerminal({ cwd, env: { STAGEWRIGHT_TOKEN: SECRET, ...env } });
  terminal.stdin.end();
  const code = await runCli(args, terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

/** A run on record of the template `note`, as it waits for approval, or sent back and approved. */
async function record(topic: string, { end = true } = {}): Promise<RunOnRecord> {
  const host = await createHermeticHost(fakeTerminal({ cwd: noteRegistry() }));
  try {
    const { id } = await host.create({ template: 'note', inputs: { topic }, title: 'On tea' });
    const waits = async (): Promise<void> => {
      while ((await host.get(id)).state === 'running') await new Promise((done) => setTimeout(done, 5));
    };
    await waits();
    if (end) {
      const comments = [{ body: `Mention ${SECRET}, and ask bo@firm.com.` }];
      await host.send(id, { type: 'request-changes', stage: 'text', round: 1, comments });
      await waits();
      await host.send(id, { type: 'approve', stage: 'text', round: 2 });
      await waits();
    }
    return await host.record(id);
  } finally {
    await host.close();
  }
}

/** A server that has the run, with its events as they are streamed. */
async function serve({ run, entries, attempts }: RunOnRecord, version = run.version): Promise<string> {
  const events = entries.flatMap((entry) =>
    entry.facts.map((fact, index) => {
      const data = { run: run.id, version: entry.version, at: entry.at, fact, state: run.state, progress: 0 };
      return `id: ${entry.version}.${index}\nevent: ${fact.type}\ndata: ${JSON.stringify(data)}\n\n`;
    }),
  );
  server = await fakeServer({
    [`GET /api/v1/runs/${run.id}`]: { body: { ...run, version } },
    [`GET /api/v1/runs/${run.id}/attempts`]: { body: { items: attempts } },
    [`GET /api/v1/runs/${run.id}/events`]: { body: events.join(''), mediaType: 'text/event-stream' },
  });
  return server.url;
}

describe('stagewright save-test', () => {
  it('writes a case of a run among the tests of its template, without what is private, and it passes', async () => {
    const found = await record('Tea for ada.miller@firm.com');
    const root = noteRegistry();
    const saved = await stagewright(root, ['save-test', found.run.id, '--server', await serve(found)]);
    expect(saved).toMatchObject({ code: 0, out: expect.stringContaining(`saved ${CASE}\n✔ On tea`) });
    expect(saved.err).toMatch(/^Replaced 3 values: 2 e-mail addresses, 1 secret\. /);
    const text = readFileSync(join(root, CASE), 'utf8');
    expect(text).not.toMatch(/ada|bo@|swordfish/);
    expect(text).toMatch(
      /^# Recorded from a run of note 1\.0\.0\.\ntitle: On tea\ninputs:\n {2}topic: Tea for person-1@example\.org\n/,
    );
    expect(text).toContain('- Mention 000000000-001, and ask person-2@example.org.');
    expect((await stagewright(root, ['test', '.', '--json'])).code).toBe(0);
  });

  it('keeps the length where the contract counts, and says so as JSON', async () => {
    // The input takes 40 characters: a readable placeholder does not fit.
    const found = await record('Tea, with sugar and milk, for ada@fir.ma');
    const root = noteRegistry();
    const args = ['save-test', found.run.id, '--server', await serve(found), '--json'];
    const { code, out } = await stagewright(root, args);
    expect([code, JSON.parse(out)]).toEqual([
      0,
      expect.objectContaining({
        path: CASE,
        passed: true,
        replaced: { email: 2, secret: 1 },
        differences: [],
      }),
    ]);
    expect(readFileSync(join(root, CASE), 'utf8')).toContain(
      'topic: Tea, with sugar and milk, for p01@x.test',
    );
  });

  it('never overwrites a file without --force', async () => {
    const found = await record('Tea');
    const args = ['save-test', found.run.id, '--server', await serve(found)];
    const root = noteRegistry({ [CASE]: 'mine' });
    expect(await stagewright(root, args)).toMatchObject({
      code: 2,
      err: expect.stringContaining('CLI_FILE_EXISTS'),
    });
    expect(readFileSync(join(root, CASE), 'utf8')).toBe('mine');
    expect((await stagewright(root, [...args, '--force'])).code).toBe(0);
    expect((await stagewright(root, [...args, '--out', 'elsewhere/mine.test.yaml'])).code).toBe(0);
    expect(existsSync(join(root, 'elsewhere/mine.test.yaml'))).toBe(true);
  });

  it('says when the case does not pass with the template as it is here', async () => {
    const found = await record('Tea', { end: false });
    const args = ['save-test', found.run.id, '--server', await serve(found)];
    const root = noteRegistry({
      'templates/note/prompts/text.hbs': 'Write {{inputs.topic}} {{inputs.nothing}}',
    });
    const broken = await stagewright(root, args);
    expect(broken).toMatchObject({ code: 1, out: expect.stringContaining('PROMPT_VAR_UNKNOWN') });
    const other = noteRegistry();
    const template = join(other, 'templates/note/template.yaml');
    writeFileSync(
      template,
      readFileSync(template, 'utf8').replace('    approval: {selfApproval: true}\n', ''),
    );
    const { code, out, err } = await stagewright(other, args);
    expect([code, out]).toEqual([1, expect.stringContaining('state is "done", expected "approval_pending"')]);
    expect(err).toContain('another revision');
  });

  it.each([
    ['a registry without the template', (root: string) => join(root, 'templates'), 'TEMPLATE_NOT_FOUND'],
    ['no registry', () => '/', 'CLI_NO_REGISTRY'],
  ])('refuses %s', async (_what, folder, code) => {
    const found = await record('Tea', { end: false });
    const root = noteRegistry();
    const run = { ...found.run, template: 'letter' };
    const args = [
      'save-test',
      run.id,
      '--server',
      await serve({ ...found, run }),
      '--registry',
      folder(root),
    ];
    expect(await stagewright(root, args)).toMatchObject({ code: 2, err: expect.stringContaining(code) });
  });

  it('refuses a run that goes on while it is read', async () => {
    const found = await record('Tea', { end: false });
    const args = ['save-test', found.run.id, '--server', await serve(found, found.run.version + 1)];
    expect(await stagewright(noteRegistry(), args)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^STATE_CONFLICT/),
    });
  });
});

describe('stagewright test --record', () => {
  it('runs the template here and makes a case of the run, under a free name', async () => {
    const root = noteRegistry();
    const args = ['test', 'note', '--record', '-i', 'topic=Tea', '--approve', '--json'];
    const names = [];
    for (let time = 0; time < 2; time += 1) {
      const { code, out } = await stagewright(root, args);
      expect(code).toBe(0);
      names.push((JSON.parse(out) as { path: string }).path);
    }
    expect(names).toEqual([
      'templates/note/tests/note-tea.test.yaml',
      'templates/note/tests/note-tea-2.test.yaml',
    ]);
    expect((await stagewright(root, ['test'])).code).toBe(0);
  });

  it('stops at what nobody decides: the case waits there', async () => {
    const root = noteRegistry();
    const { code } = await stagewright(root, [
      'test',
      'note',
      '--record',
      '-i',
      'topic=Tea',
      '--title',
      'On tea',
    ]);
    expect(code).toBe(0);
    expect(readFileSync(join(root, CASE), 'utf8')).toContain('expect:\n  state: approval_pending\n');
  });

  it('refuses a name that is taken, and no template, before anything is run', async () => {
    const root = noteRegistry({ [CASE]: 'mine' });
    const named = ['test', 'note', '--record', '-i', 'topic=Tea', '--title', 'On tea'];
    expect(await stagewright(root, named)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('CLI_FILE_EXISTS'),
    });
    expect(await stagewright(root, ['test', '--record'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('CLI_TEMPLATE_NEEDED'),
    });
  });
});

describe('stagewright test CASE --record', () => {
  const tea = 'Tea is a drink.\n    It is made of leaves.\n';

  it('asks again what the case asks, and records what is said now; all else stays', async () => {
    const root = noteRegistry();
    const before = noteFile(NOTE_CASE);
    const { code, out } = await stagewright(root, ['test', NOTE_CASE, '--record']);
    expect([code, out]).toEqual([0, expect.stringContaining(`saved ${NOTE_CASE}\n✔ A short note`)]);
    const after = readFileSync(join(root, NOTE_CASE), 'utf8');
    const [head = '', rest = ''] = before.split(`answers:\n  text: |\n    ${tea}`);
    expect([after.startsWith(head), after.endsWith(rest), after.includes('It is made of leaves')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('fails when something else is expected of it, which --update rewrites with it', async () => {
    const expected = `${noteFile(NOTE_CASE)}  values:\n    stages.text.output: |\n      Tea.\n`;
    const root = noteRegistry({ [NOTE_CASE]: expected });
    expect((await stagewright(root, ['test', NOTE_CASE, '--record'])).code).toBe(1);
    expect((await stagewright(root, ['test', NOTE_CASE, '--record', '--update'])).code).toBe(0);
    expect((await stagewright(root, ['test', NOTE_CASE])).code).toBe(0);
  });

  it('takes other inputs, and decides as the case does until it has no more to decide', async () => {
    const decisions = `decisions:
  - {stage: text, do: request-changes, comments: [Shorter]}
  - {stage: text, do: approve}
  - {stage: text, do: rerun}
`;
    const text = noteFile(NOTE_CASE)
      .replace(/decisions: .*\n/, decisions)
      .replace(/^ {2}st.*\n/gm, '');
    const root = noteRegistry({ [NOTE_CASE]: `${text}  state: approval_pending\n` });
    const args = ['test', NOTE_CASE, '--record', '-i', 'topic=Coffee', '--json'];
    const { code, out, err } = await stagewright(root, args);
    expect([code, err]).toEqual([0, expect.stringContaining('Nothing')]);
    expect(JSON.parse(out)).toMatchObject({ passed: true });
    expect(readFileSync(join(root, NOTE_CASE), 'utf8')).toMatch(/rounds:\n[^]*Coffee/);
  });

  it.each([
    [['--title', 'x'], /^CLI_RECORD_NEEDED/, 2],
    [['--force'], /^CLI_RECORD_NEEDED/, 2],
  ])('%j is for new cases', async (option, said, code) => {
    const result = await stagewright(noteRegistry(), ['test', NOTE_CASE, '--record', ...option]);
    expect(result).toMatchObject({ code, err: expect.stringMatching(said) });
  });

  it('refuses a case that is broken, with its findings, and runs nothing', async () => {
    const root = noteRegistry({ [NOTE_CASE]: 'tittle: T\n' });
    const result = await stagewright(root, ['test', NOTE_CASE, '--record']);
    expect(result).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^CLI_CASE_BROKEN[^]*TEST_SCHEMA/),
    });
  });
});

it('known secrets are those of the settings, of .env, in addresses, and the token of the data directory', () => {
  const cwd = noteRegistry({ '.env': 'OPENAI_API_KEY=sk-from-file\nDATA_DIR=data\nPORT=3000\n' });
  mkdirSync(join(cwd, 'data'));
  writeFileSync(join(cwd, 'data/token'), 'token-of-data\n');
  const env = {
    DATABASE_URL: 'postgres://me:p%40ss-word@host/db',
    SMTP_PASSWORD: 'mail-word',
    HOME: '/root',
    SECRET_KEY: '',
  };
  expect(knownSecrets({ cwd, env }).sort()).toEqual([
    'mail-word',
    'p%40ss-word',
    'p@ss-word',
    'sk-from-file',
    'token-of-data',
  ]);
});
