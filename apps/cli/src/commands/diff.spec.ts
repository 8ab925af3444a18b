import { existsSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RegistryDiff } from '@stagewright/engine/template';
import { runCli } from '../cli.ts';
import type { Reach } from '../registry/reach-of.ts';
import { fakeServer } from '../testing/fake-server.ts';
import { fakeTerminal } from '../testing/fake-terminal.ts';
import { smallTemplate, twoTemplates } from '../testing/git-registry.ts';
import type { GitRegistry } from '../testing/git-registry.ts';

interface Told extends RegistryDiff {
  base: { name: string; commit: string };
  head: { name: string; commit: string | null };
  reach?: Reach[];
}

const TEMPLATE = 'templates/tea/template.yaml';
let registry: GitRegistry;
beforeEach(() => {
  registry = twoTemplates('content/registry');
});

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = fakeTerminal({ cwd: registry.root, env: { STAGEWRIGHT_TOKEN: 't' } });
  const code = await runCli(['diff', ...args], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

async function diff(...args: string[]): Promise<{ code: number; told: Told }> {
  const { code, out } = await run(...args, '--json');
  return { code, told: JSON.parse(out) as Told };
}

const named = ({ templates }: RegistryDiff): string[] =>
  templates.map(({ name, state }) => `${name} ${state}`);
const rules = ({ templates }: RegistryDiff): string[] =>
  templates.flatMap(({ diff: found }) => found?.changes.map(({ rule }) => rule) ?? []);

describe('diff', () => {
  it('finds nothing between a revision and itself, in a registry in a sub-folder of a repository elsewhere', async () => {
    const commit = registry.git('rev-parse', 'HEAD');
    const { code, told } = await diff('main', 'HEAD');
    expect({ code, ok: told.ok, templates: told.templates }).toEqual({ code: 0, ok: true, templates: [] });
    expect(told.base).toEqual({ name: 'main', commit });
    expect((await run('main')).out).toBe('No template is different.\n');
  });

  it('fails when the version was raised too little, and passes when it was raised enough', async () => {
    registry.edit(TEMPLATE, 'minLength: 3', 'minLength: 5');
    registry.edit(TEMPLATE, '1.0.0', '1.1.0');
    const low = await diff('main');
    expect({ code: low.code, ok: low.told.ok, rules: rules(low.told) }).toEqual({
      code: 1,
      ok: false,
      rules: ['input-narrowed'],
    });
    expect(low.told.templates[0]?.diff?.version).toMatchObject({
      given: 'minor',
      needed: 'major',
      least: '2.0.0',
    });
    expect((await run('main')).out).toContain('a major version, at least 2.0.0: it is too low');
    registry.edit(TEMPLATE, '1.1.0', '2.0.0');
    expect((await diff('main')).code).toBe(0);
  });

  it('reads revisions from objects: the folder may hold anything else', async () => {
    registry.git('checkout', '--quiet', '-b', 'work');
    registry.edit(TEMPLATE, 'quorum: 2', 'quorum: 1');
    const head = registry.commit();
    registry.edit(TEMPLATE, 'quorum: 1', 'quorum: [broken');
    registry.git('rm', '--cached', '--quiet', '-r', '.');
    const { told } = await diff('main', 'work');
    expect(told.head).toEqual({ name: 'work', commit: head });
    expect(rules(told)).toEqual(['gate-weakened']);
  });

  it('names every template that a shared prompt or a reusable stage touches', async () => {
    registry.edit('prompts/house.hbs', 'Plain', 'Short');
    registry.edit('stages/look.yaml', 'properties:', 'required: [note], properties:');
    const { told } = await diff('main');
    expect(named(told)).toEqual(['coffee changed', 'tea changed']);
    expect(told.shared).toEqual([
      { path: 'prompts/house.hbs', templates: ['coffee', 'tea'] },
      { path: 'stages/look.yaml', templates: ['tea'] },
    ]);
    expect(rules(told)).toEqual(['prompt-text', 'prompt-text', 'form-narrowed']);
    expect((await diff('main', 'HEAD', 'templates/tea')).told.templates).toEqual([]);
    expect((await run('main')).out).toContain('prompts/house.hbs is part of coffee, tea');
  });

  it('tells new, removed, broken and mended templates, and fails on broken ones', async () => {
    for (const [path, text] of Object.entries(smallTemplate('juice'))) registry.put(path, text);
    registry.remove('templates/coffee');
    registry.edit(TEMPLATE, 'mode: ai', 'mode: magic');
    const { code, told } = await diff('main');
    expect(named(told)).toEqual(['coffee removed', 'juice added', 'tea broken']);
    expect(told.templates[2]?.findings[0]).toMatchObject({ code: 'TEMPLATE_SCHEMA', file: TEMPLATE });
    expect(code).toBe(1);
    const broken = registry.commit();
    registry.edit(TEMPLATE, 'mode: magic', 'mode: ai');
    expect(named((await diff(broken)).told)).toEqual(['tea mended']);
    expect((await diff(broken)).code).toBe(0);
  });

  it('compares one template when the path is that of one', async () => {
    registry.edit('prompts/house.hbs', 'Plain', 'Short');
    registry.commit();
    const { told } = await diff('HEAD~1', 'HEAD', 'templates/tea');
    expect(named(told)).toEqual(['tea changed']);
    registry.put('templates/te/.keep', '');
    expect(await run('HEAD~1', 'HEAD', 'templates/te')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean "tea"?'),
    });
  });

  it('takes a folder for the path when HEAD is left out, unless it is a revision as well', async () => {
    registry.edit('prompts/house.hbs', 'Plain', 'Short');
    expect(named((await diff('main', 'templates/tea')).told)).toEqual(['tea changed']);
    registry.git('branch', 'templates');
    expect((await diff('main', 'templates')).told).toMatchObject({
      head: { name: 'templates' },
      templates: [],
    });
    expect(await run('main', 'templates/none')).toMatchObject({
      code: 2,
      err: expect.stringContaining('CLI_NO_REVISION'),
    });
  });

  it('compares with where both parted, when asked to', async () => {
    registry.git('checkout', '--quiet', '-b', 'work');
    registry.edit(TEMPLATE, 'title: A tea', 'title: Tea');
    registry.commit();
    registry.git('checkout', '--quiet', 'main');
    registry.edit('prompts/house.hbs', 'Plain', 'Short');
    registry.commit();
    expect(rules((await diff('main', 'work')).told)).toEqual(['prompt-text', 'about-changed', 'prompt-text']);
    expect(rules((await diff('main', 'work', '--merge-base')).told)).toEqual(['about-changed']);
  });

  it('takes a revision before there was a registry', async () => {
    registry.git('checkout', '--quiet', '--orphan', 'empty');
    registry.git('rm', '-r', '--quiet', '--force', '.');
    registry.git('commit', '--quiet', '--allow-empty', '--message=x');
    registry.git('checkout', '--quiet', 'main');
    expect(named((await diff('empty', 'main')).told)).toEqual(['coffee added', 'tea added']);
  });

  it('follows no link, as on the server', async () => {
    registry.remove('prompts/house.hbs');
    registry.put('elsewhere.hbs', 'Secret.');
    symlinkSync('../elsewhere.hbs', join(registry.root, 'prompts/house.hbs'));
    registry.commit();
    expect(named((await diff('HEAD~1', 'HEAD')).told)).toEqual(['coffee broken', 'tea broken']);
  });

  it.each([
    ['--output=pwned'],
    ['--upload-pack=touch pwned'],
    ['no-such'],
    ['HEAD^{tree}'],
    [''],
    ['-'],
    ['main\nmain'],
  ])('takes %j for a revision, never for an option of Git', async (revision) => {
    const { code, err } = await run('--', revision);
    expect(code).toBe(2);
    expect(err).toContain('CLI_NO_REVISION');
    expect(existsSync(join(registry.root, 'pwned'))).toBe(false);
  });

  it('says so when there is no repository, and when there is no registry', async () => {
    const terminal = fakeTerminal({ cwd: tmpdir() });
    expect(await runCli(['diff', 'main', 'HEAD', 'nowhere'], terminal)).toBe(2);
    expect(terminal.err()).toContain('CLI_NO_REGISTRY');
    registry.remove('../../.git');
    expect(await run('main')).toMatchObject({ code: 2, err: expect.stringContaining('CLI_NO_REPOSITORY') });
  });

  it('runs nothing that the repository brings along', async () => {
    const canary = join(registry.root, 'canary');
    registry.git('config', 'core.fsmonitor', `touch ${canary}; true`);
    registry.git('config', 'filter.x.smudge', `touch ${canary}`);
    registry.git('config', 'filter.x.clean', `touch ${canary}`);
    registry.put('.gitattributes', '* filter=x\n');
    registry.edit(TEMPLATE, 'title: A tea', 'title: Tea');
    await diff('main', 'HEAD');
    await diff('main');
    expect(existsSync(canary)).toBe(false);
  });

  it('writes Markdown', async () => {
    registry.edit(TEMPLATE, 'title: A tea', 'title: Tea');
    const { out } = await run('main', '--format', 'markdown');
    expect(out).toContain('| `tea` | 1.0.0 → 1.0.0 | ❌ a patch version, at least 1.0.1: it is too low |');
    expect(out).toContain('- **patch** title reads differently: only what people read about it is different');
  });

  it('asks a server which runs the change touches, and takes a template it does not know for one without runs', async () => {
    const digest = 'd'.repeat(64);
    const revision = {
      template: 'tea',
      version: '0.9.0',
      commit: 'c'.repeat(40),
      digest,
      served: false,
      lost: false,
      firstSeenAt: '',
    };
    const waiting = { id: 'run-1', title: 'Green tea', state: 'approval_pending' };
    const server = await fakeServer({
      'GET /api/v1/templates/tea/usage': {
        body: {
          items: [{ ...revision, runs: { approval_pending: 1, paused: 1, done: 7 } }],
          countedOfEachState: 1000,
        },
      },
      'GET /api/v1/templates/coffee/usage': {
        status: 404,
        body: { code: 'TEMPLATE_NOT_FOUND', detail: 'x' },
      },
      'GET /api/v1/runs': { body: { items: [waiting], next: null, total: 1 } },
    });
    try {
      registry.edit('prompts/house.hbs', 'Plain', 'Short');
      const { told } = await diff('main', '--server', server.url);
      expect(told.reach).toEqual([
        {
          name: 'tea',
          revisions: [{ version: '0.9.0', commit: 'c'.repeat(40), digest, open: 2 }],
          waiting: [waiting, waiting, waiting],
        },
      ]);
      expect((await run('main', '--server', server.url)).out).toContain(
        '2 open runs on 0.9.0 at cccccccccccc',
      );
      expect((await run('main', '--server', server.url, '--format', 'markdown')).out).toContain(
        '| `tea` | 0.9.0 at `cccccccccccc` | 2 |',
      );
    } finally {
      await server.close();
    }
  });
});
