import { afterAll, describe, expect, it } from '@jest/globals';
import { createIsolation } from '../isolation/index.ts';
import { filesFromMap } from '../template/registry-files.ts';
import { CountedIds } from './counted-ids.ts';
import { runHermetic } from './hermetic.ts';
import { ManualClock } from './manual-clock.ts';
import { ScriptedAiProvider, scriptedRouter } from './scripted-ai-provider.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());

const files = filesFromMap(
  new Map([
    [
      'templates/note/template.yaml',
      `apiVersion: stagewright/v1
name: note
title: Note
description: A note.
type: note
version: 1.0.0
inputs: {type: object, required: [topic], properties: {topic: {type: string}}, additionalProperties: false}
stages:
  - {id: draft, mode: ai, prompt: prompts/draft.hbs, approval: {}}
  - {id: final, mode: ai, prompt: prompts/final.hbs}
outputs: {text: "\${{ stages.final.output }}"}
`,
    ],
    ['templates/note/prompts/draft.hbs', 'Draft {{inputs.topic}}.'],
    ['templates/note/prompts/final.hbs', 'Polish {{stages.draft.output}}.'],
  ]),
);
const types = {
  name: 'note',
  version: '1.0.0',
  title: 'Notes',
  description: 'Notes.',
  workflowType: { name: 'note', title: 'Note', description: 'A note.' },
  actions: [],
};

describe('a hermetic run', () => {
  it('is followed from its first entry to its last, across an approval, without a repeat', async () => {
    const actor = { kind: 'user', id: 'me' } as const;
    const house = runHermetic({
      files,
      plugins: [types],
      ai: scriptedRouter(new ScriptedAiProvider(['rough', 'smooth'])),
      isolation,
      clock: new ManualClock(),
      ids: new CountedIds(),
      actor,
    });
    expect(await house.inputsOf('note')).toMatchObject({ required: ['topic'] });
    const { id } = await house.create({ template: 'note', inputs: { topic: 'tea' } });
    const versions: number[] = [];
    for await (const { entry, state } of house.follow(id, new AbortController().signal)) {
      versions.push(entry.version);
      if (state !== 'approval_pending') continue;
      await house.send(id, { type: 'approve', actor, stage: 'draft', round: 1 });
    }
    expect(versions).toEqual(versions.map((_, index) => index + 1));
    expect(await house.get(id)).toMatchObject({
      state: 'done',
      outputs: { text: 'smooth' },
      revision: { commit: 'worktree' },
    });
    await house.close();
    await expect(house.get(id)).rejects.toMatchObject({ code: 'ENGINE_CLOSED' });
  });

  it('refuses a template that is not there, and one that is broken with its findings', async () => {
    const broken = filesFromMap(
      new Map([['templates/bad/template.yaml', 'apiVersion: stagewright/v1\nname: bad\n']]),
    );
    const house = runHermetic({
      files: broken,
      ai: scriptedRouter(),
      isolation,
      clock: new ManualClock(),
      ids: new CountedIds(),
      actor: { kind: 'user', id: 'me' },
    });
    await expect(house.inputsOf('none')).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
    await expect(house.inputsOf('bad')).rejects.toMatchObject({
      code: 'TEMPLATE_INVALID',
      details: {
        findings: expect.arrayContaining([expect.objectContaining({ file: 'templates/bad/template.yaml' })]),
      },
    });
    await house.close();
  });
});
