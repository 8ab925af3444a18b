import { describe, expect, it } from '@jest/globals';
import type { AiRequest, JsonObject, JsonSchema } from '@stagewright/engine';

import { createOfflineProvider } from './offline.provider.ts';

const OUTLINE: JsonSchema = {
  type: 'object',
  required: ['chapters'],
  properties: {
    chapters: {
      type: 'array',
      minItems: 1,
      maxItems: 40,
      items: {
        type: 'object',
        required: ['title', 'summary', 'points'],
        properties: {
          title: { type: 'string', minLength: 3, maxLength: 120 },
          summary: { type: 'string', minLength: 10, maxLength: 600 },
          points: {
            type: 'array',
            minItems: 2,
            maxItems: 5,
            items: { type: 'string', minLength: 5, maxLength: 300 },
          },
        },
      },
    },
  },
};
const CHAPTER: JsonSchema = {
  type: 'object',
  required: ['title', 'text'],
  properties: {
    title: { type: 'string', minLength: 3, maxLength: 120 },
    text: { type: 'string', minLength: 200, maxLength: 60_000, description: 'Markdown, without the title.' },
  },
};

interface Outline {
  chapters: Array<{ title: string; summary: string; points: string[] }>;
}

const INPUTS = { topic: 'Beekeeping in towns', audience: 'balcony gardeners', chapters: 7 };

function request(
  contract: JsonSchema | null,
  subject: JsonObject,
  changes: Partial<AiRequest> = {},
): AiRequest {
  const messages: AiRequest['messages'] = [{ role: 'user', text: 'Write.' }];
  return {
    model: 'placeholder',
    system: null,
    messages,
    contract,
    temperature: null,
    maxTokens: null,
    tools: [],
    idempotencyKey: 'a',
    subject,
    ...changes,
  };
}

async function write<T>(
  contract: JsonSchema,
  subject: JsonObject,
  changes: Partial<AiRequest> = {},
): Promise<T> {
  const { text } = await createOfflineProvider().generate(request(contract, subject, changes), {
    signal: new AbortController().signal,
  });
  return JSON.parse(text) as T;
}

describe('text of the offline provider', () => {
  it('plans as many chapters as the inputs ask for, with different titles on the topic', async () => {
    const { chapters } = await write<Outline>(OUTLINE, { inputs: INPUTS, stages: {} });
    expect(chapters).toHaveLength(7);
    expect(new Set(chapters.map((chapter) => chapter.title)).size).toBe(7);
    expect(new Set(chapters.map((chapter) => chapter.summary)).size).toBe(7);
    for (const { title, summary, points } of chapters) {
      expect(title).toContain('Beekeeping in towns');
      expect(summary).toMatch(/^[A-Z“].*\.$/u);
      expect(new Set(points).size).toBe(points.length);
    }
  });

  it.each([
    [0, 1],
    [90, 40],
  ])('keeps to the bounds of the contract when the inputs ask for %i chapters', async (asked, given) => {
    const { chapters } = await write<Outline>(OUTLINE, { inputs: { ...INPUTS, chapters: asked } });
    expect(chapters).toHaveLength(given);
    expect(new Set(chapters.map((chapter) => chapter.title)).size).toBe(given);
  });

  it('writes a chapter under its own title, in sections on its points', async () => {
    const chapter = {
      title: 'The first hive',
      summary: 'Where to put it.',
      points: ['finding a place', 'wind and sun'],
    };
    const written = await write<{ title: string; text: string }>(CHAPTER, {
      inputs: INPUTS,
      chapter,
      index: 2,
    });
    expect(written.title).toBe('The first hive');
    expect(written.text.match(/^## .*$/gmu)).toEqual(['## finding a place', '## wind and sun']);
    const paragraphs = written.text.split('\n\n').filter((part) => !part.startsWith('#'));
    expect(paragraphs.length).toBeGreaterThanOrEqual(6);
    for (const paragraph of paragraphs) expect(paragraph.split(/[.”] /u).length).toBeGreaterThanOrEqual(2);
    expect(written.text).toContain('Beekeeping in towns');
    const sentences = written.text.split(/(?<=\.)\s+/u).filter((part) => !part.startsWith('#'));
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it('takes up what a reviewer asked for', async () => {
    const before = await write<Outline>(OUTLINE, { inputs: INPUTS });
    const after = await write<Outline>(OUTLINE, {
      inputs: INPUTS,
      feedback: [{ body: 'Shorter summaries, please.' }],
      previous: { ...before },
    });
    expect(JSON.stringify(after)).toContain('Shorter summaries, please');
    expect(JSON.stringify(after).length).toBeLessThan(JSON.stringify(before).length);
    expect(after.chapters.map((chapter) => chapter.title)).not.toEqual(
      before.chapters.map((chapter) => chapter.title),
    );
    expect(after.chapters).toHaveLength(7);
  });

  it('finds its topic in what earlier stages gave when the inputs name none', async () => {
    const stages = { import: { output: { title: 'The Lighthouse Handbook' }, state: 'done' } };
    const { chapters } = await write<Outline>(OUTLINE, {
      inputs: { manuscript: '0190-1234', language: 'en' },
      stages,
    });
    expect(chapters[0]?.title).toContain('The Lighthouse Handbook');
  });

  it('follows a list of an earlier stage, title by title', async () => {
    const chapters = [{ title: 'Smoke' }, { title: 'Honey' }];
    const subject = {
      inputs: { topic: 'Bees' },
      stages: { outline: { output: { chapters }, state: 'done' } },
    };
    const answer = await write<Outline>(OUTLINE, subject);
    expect(answer.chapters.map((chapter) => chapter.title)).toEqual(['Smoke', 'Honey']);
  });

  it('is the same for the same request, in any run, and another one for another', async () => {
    const subject = { inputs: INPUTS, run: { id: 'run-1' } };
    const first = await write(OUTLINE, subject);
    expect(await write(OUTLINE, { ...subject, run: { id: 'run-2' } }, { idempotencyKey: 'b' })).toEqual(
      first,
    );
    expect(await write(CHAPTER, { inputs: { ...INPUTS, audience: 'children' } })).not.toEqual(
      await write(CHAPTER, { inputs: INPUTS }),
    );
  });

  it('costs nothing and says that it is a placeholder', async () => {
    const provider = createOfflineProvider();
    const result = await provider.generate(request(null, { inputs: INPUTS }), {
      signal: new AbortController().signal,
    });
    expect(provider.placeholder).toBe(true);
    expect(result.usage).toEqual({ inputTokens: 2, outputTokens: Math.ceil(result.text.length / 4), usd: 0 });
    expect(result.text.split('\n\n').length).toBeGreaterThan(3);
  });

  it('takes the time that it is told to take', async () => {
    const began = performance.now();
    await createOfflineProvider({ delayMs: 150 }).generate(request(CHAPTER, { inputs: INPUTS }), {
      signal: new AbortController().signal,
    });
    expect(performance.now() - began).toBeGreaterThanOrEqual(120);
  });
});
