import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import { openWriterBench, writer } from '../../../../test/support/registry-writer-bench.ts';
import type { WriterBench, WritingServer } from '../../../../test/support/registry-writer-bench.ts';
import type { OpenDatabase } from '../database/open-database.ts';

Logger.overrideLogger(false);
jest.setTimeout(60_000);

const TONE = `---
title: Tone
description: How it sounds.
variables: [mood]
---
Be {{mood}}.
`;
const INTRO = `About {{inputs.topic}}, {{default inputs.audience "for all"}}.
{{#if inputs.sources}}{{#each inputs.sources}}{{title}} in {{@root.inputs.place}}. {{/each}}{{/if}}{{> tone mood="calm"}}`;

const asking = (name: string, stage: string) =>
  [
    'apiVersion: stagewright/v1',
    `name: ${name}`,
    'type: memo',
    'version: 1.0.0',
    'inputs:',
    '  type: object',
    '  properties: {topic: {type: string}, audience: {type: string}, place: {type: string}, sources: {type: array, items: {type: object, properties: {title: {type: string}}}}}',
    'stages:',
    `  - ${stage}`,
    '',
  ].join('\n');

describeOnEachDatabase(describe, 'prompts over the API', ({ open, driver }) => {
  /** What no database has a say in. */
  const once = driver === 'pglite' ? it : it.skip;
  let database: OpenDatabase;
  let bench: WriterBench;
  let server: WritingServer;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    bench = await openWriterBench(database);
    bench.put('prompts/tone.hbs', TONE);
    bench.put('prompts/intro.hbs', INTRO);
    bench.put('stages/introduce.yaml', 'mode: ai\nprompt: prompts/intro.hbs\n');
    bench.put(
      'templates/book/template.yaml',
      asking('book', '{id: ask, mode: ai, prompt: prompts/intro.hbs}'),
    );
    bench.put('templates/page/template.yaml', asking('page', '{id: ask, extends: stages/introduce}'));
    bench.push();
    server = bench.server('one');
    await server.registry.sync();
  });
  afterEach(() => bench.remove());

  const page = { skip: 0, limit: 50 };

  it('are listed with what they read and who uses them', async () => {
    const { items, total } = await server.prompts.list(writer(), page);
    expect(total).toBe(2);
    expect(items).toEqual([
      {
        name: 'intro',
        title: null,
        description: null,
        variables: [
          { name: 'inputs.audience', required: false },
          { name: 'inputs.place', required: false },
          { name: 'inputs.sources[].title', required: false },
          { name: 'inputs.topic', required: true },
        ],
        usedBy: { templates: ['book', 'page'], stages: ['stages/introduce'], prompts: [] },
        broken: false,
      },
      {
        name: 'tone',
        title: 'Tone',
        description: 'How it sounds.',
        variables: [{ name: 'mood', required: true }],
        usedBy: { templates: ['book', 'page'], stages: [], prompts: ['intro'] },
        broken: false,
      },
    ]);
    expect(
      (await server.prompts.list(writer(), { skip: 1, limit: 1 })).items.map(({ name }) => name),
    ).toEqual(['tone']);
    expect(await server.prompts.list({ ...writer(), workspace: 'another' }, page)).toEqual({
      items: [],
      total: 0,
    });
    expect(await server.prompts.show(writer(), 'tone')).toMatchObject({
      text: TONE,
      declared: ['mood'],
      partials: [],
      findings: [],
    });
    expect(await server.prompts.show(writer(), 'intro')).toMatchObject({
      declared: null,
      partials: ['tone'],
    });
    await expect(server.prompts.show(writer(), 'nothing')).rejects.toMatchObject({
      code: 'PROMPT_NOT_FOUND',
    });
  });

  once('are rendered, or say every variable that is missing', async () => {
    const render = (name: string, variables: object) =>
      server.prompts.render(writer(), name, variables as never);
    expect(await render('intro', { inputs: { topic: 'tea' } })).toEqual({
      text: 'About tea, for all.\nBe calm.\n',
    });
    const sources = [{ title: 'A' }, {}];
    await expect(render('intro', { inputs: { sources } })).rejects.toMatchObject({
      code: 'PROMPT_VARIABLES_MISSING',
      details: {
        missing: [
          { variable: 'inputs.topic', file: 'prompts/intro.hbs', line: 1, column: 9 },
          { variable: '@root.inputs.place', line: 2 },
          { variable: 'title', line: 2, column: 49 },
        ],
      },
    });
    await expect(render('tone', {})).rejects.toMatchObject({ details: { missing: [{ variable: 'mood' }] } });
    await expect(render('tone', { mood: null })).rejects.toMatchObject({
      details: { missing: [{ code: 'PROMPT_VAR_NULL' }] },
    });
    await expect(render('nothing', {})).rejects.toMatchObject({ code: 'PROMPT_NOT_FOUND' });
  });

  once('are added, changed and removed as commits, and serve at once', async () => {
    const added = await server.promptWrites.add(writer(), {
      name: 'legal/terms',
      text: 'Terms of {{inputs.topic}}.\n',
    });
    expect(added).toMatchObject({ branch: 'main', served: true, revision: null, findings: [] });
    expect(bench.at('log', '-1', '--format=%an %s', 'main')).toBe('ada Add prompt legal/terms');
    const render = async () =>
      (await server.prompts.render(writer(), 'legal/terms', { inputs: { topic: 'tea' } })).text;
    expect(await render()).toBe('Terms of tea.\n');
    await expect(server.promptWrites.add(writer(), { name: 'legal/terms', text: 'x' })).rejects.toMatchObject(
      { code: 'PROMPT_EXISTS' },
    );
    const expected = added.contentDigest!;
    await server.promptWrites.change(writer(), 'legal/terms', { text: 'New terms.\n', expected });
    expect(await render()).toBe('New terms.\n');
    await expect(
      server.promptWrites.change(writer(), 'legal/terms', { text: 'x', expected }),
    ).rejects.toMatchObject({
      code: 'REGISTRY_CONFLICT',
      details: { current: (await server.prompts.show(writer(), 'legal/terms')).contentDigest },
    });
    expect(await server.promptWrites.remove(writer(), 'legal/terms', {})).toMatchObject({
      contentDigest: null,
    });
    await expect(server.prompts.show(writer(), 'legal/terms')).rejects.toMatchObject({
      code: 'PROMPT_NOT_FOUND',
    });
    expect(bench.at('ls-tree', '-r', '--name-only', 'main', 'prompts/').split('\n')).toEqual([
      'prompts/intro.hbs',
      'prompts/tone.hbs',
    ]);
  });

  it('reach the templates that use them: a change makes new revisions of these', async () => {
    const before = (await bench.plans.resolve('page')).revision.digest;
    await server.promptWrites.change(writer(), 'tone', { text: TONE.replace('Be ', 'Always be ') });
    expect((await bench.plans.resolve('page')).revision.digest).not.toBe(before);
  });

  once('are refused with everything that they break, and nothing is written', async () => {
    const tip = bench.at('rev-parse', 'main');
    await expect(
      server.promptWrites.add(writer(), { name: 'bad', text: '{{shout x}}{{> nobody}}' }),
    ).rejects.toMatchObject({
      code: 'PROMPT_INVALID',
      details: {
        findings: [
          { code: 'PROMPT_HELPER_UNKNOWN', file: 'prompts/bad.hbs', column: 3 },
          { code: 'PROMPT_PARTIAL_FORBIDDEN', file: 'prompts/bad.hbs', column: 16 },
        ],
      },
    });
    // It is sound by itself: what uses it gives no "reader".
    await expect(
      server.promptWrites.change(writer(), 'intro', { text: 'For {{inputs.reader}}.' }),
    ).rejects.toMatchObject({
      code: 'PROMPT_INVALID',
      details: { findings: [{ code: 'PROMPT_VAR_UNKNOWN', file: 'prompts/intro.hbs', line: 1, column: 7 }] },
    });
    await expect(server.promptWrites.remove(writer(), 'tone', {})).rejects.toMatchObject({
      code: 'PROMPT_IN_USE',
      details: { findings: [{ code: 'PROMPT_PARTIAL_FORBIDDEN', file: 'prompts/intro.hbs', line: 2 }] },
    });
    await expect(server.promptWrites.remove(writer(), 'intro', {})).rejects.toMatchObject({
      code: 'PROMPT_IN_USE',
      details: {
        findings: [
          { code: 'TEMPLATE_FILE_MISSING', file: 'stages/introduce.yaml', line: 2 },
          { code: 'TEMPLATE_FILE_MISSING', file: 'templates/book/template.yaml', line: 9 },
        ],
      },
    });
    expect(bench.at('rev-parse', 'main')).toBe(tip);
  });

  once('have a history and differences, also those that somebody pushed', async () => {
    const commits = [bench.at('rev-parse', 'main')];
    commits.unshift(
      (
        await server.promptWrites.change(writer(), 'tone', {
          text: TONE.replace('Be ', 'Stay '),
          message: 'Softer',
        })
      ).commit,
    );
    bench.git('pull', '--quiet', 'origin', 'main');
    bench.put('README.md', 'nothing of a prompt');
    bench.push();
    bench.put('prompts/tone.hbs', TONE.replace('Be ', 'Remain '));
    commits.unshift(bench.push());
    const fresh = bench.server('two');
    await fresh.registry.sync();
    const { items } = await fresh.prompts.history(writer(), 'tone', page);
    expect(items.map(({ commit }) => commit)).toEqual(commits);
    expect(items[1]).toEqual({
      commit: commits[1],
      author: 'ada',
      at: '2026-11-21T10:00:00.000Z',
      subject: 'Softer',
    });
    expect((await fresh.prompts.history(writer(), 'tone', { skip: 1, limit: 1 })).items).toEqual([items[1]]);
    const last = await fresh.prompts.diff(writer(), 'tone', {});
    expect(last).toMatchObject({ from: commits[1], to: commits[0], changed: true });
    expect(last.diff).toContain('-Stay {{mood}}.\n+Remain {{mood}}.\n');
    const all = await fresh.prompts.diff(writer(), 'tone', { from: commits[2], to: commits[0] });
    expect(all.diff).toContain('-Be {{mood}}.\n+Remain {{mood}}.\n');
    expect(await fresh.prompts.diff(writer(), 'tone', { from: commits[0], to: commits[0] })).toMatchObject({
      changed: false,
      diff: '',
    });
    await expect(fresh.prompts.diff(writer(), 'tone', { from: 'f'.repeat(40) })).rejects.toMatchObject({
      code: 'REVISION_NOT_FOUND',
    });
    const refused = await Promise.allSettled([
      fresh.prompts.history(writer(), 'nothing', page),
      fresh.prompts.diff(writer(), 'nothing', {}),
    ]);
    expect(refused).toMatchObject(refused.map(() => ({ reason: { code: 'PROMPT_NOT_FOUND' } })));
  });
});
