import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ActionContext, ArtifactRef, Json, JsonObject } from '@stagewright/engine/plugin';
import { StagewrightError } from '@stagewright/engine/plugin';
import { ebook } from '@stagewright/plugin-ebook';

interface Stored {
  ref: ArtifactRef;
  content: Uint8Array;
}

export interface Bench {
  upload(name: string, content: Uint8Array | string, id?: string): string;
  run(action: string, input: JsonObject): Promise<JsonObject>;
  content(ref: Json | undefined): Uint8Array;
}

/** Runs the plugin's actions against artifacts in memory, with its real assets. */
export function actionBench(
  facts: { placeholder?: boolean; title?: string; signal?: AbortSignal; sourceDate?: string } = {},
): Bench {
  const stored = new Map<string, Stored>();
  const put = (
    file: { name: string; type: string; mediaType: string; content: Uint8Array },
    id?: string,
  ): ArtifactRef => {
    const digest = createHash('sha256').update(file.content).digest('hex');
    const artifact = id ?? `a-${stored.size + 1}`;
    const ref = {
      artifact,
      name: file.name,
      type: file.type,
      mediaType: file.mediaType,
      size: file.content.length,
      digest,
    };
    stored.set(artifact, { ref, content: file.content });
    return ref;
  };
  const read = (id: string): Stored => {
    const found = stored.get(id);
    if (found === undefined) throw new StagewrightError('ARTIFACT_NOT_FOUND', `No artifact ${id}.`);
    return found;
  };
  const context: ActionContext = {
    run: {
      id: 'run-1',
      title: facts.title ?? 'A run',
      template: 'ebook',
      version: '1.0.0',
      revision: 'worktree',
    },
    stage: 'build',
    task: 'build',
    attempt: 1,
    idempotencyKey: 'key-1',
    sourceDate: facts.sourceDate ?? '2026-03-29T00:30:00.000Z',
    placeholder: facts.placeholder ?? false,
    signal: facts.signal ?? new AbortController().signal,
    artifacts: {
      read: (id) => Promise.resolve().then(() => read(id)),
      write: (file) => Promise.resolve(put(file)),
    },
    asset: async (name) => {
      const url = ebook.assets?.[name];
      if (url === undefined) throw new Error(`no asset ${name}`);
      return new Uint8Array(await readFile(url));
    },
    log: () => undefined,
  };
  return {
    upload: (name, content, id) => {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      return put({ name, type: 'file', mediaType: 'application/octet-stream', content: bytes }, id).artifact;
    },
    run: async (id, input) => {
      const action = ebook.actions.find((candidate) => candidate.id === id);
      if (action === undefined) throw new Error(`no action ${id}`);
      return (await action.run(input, context)) as JsonObject;
    },
    content: (ref) => read((ref as unknown as ArtifactRef).artifact).content,
  };
}
