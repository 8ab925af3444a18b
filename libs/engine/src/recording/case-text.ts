import { MAX_BYTES } from '../template/source/read-source.ts';
import { yamlText } from '../testing/yaml-value.ts';
import { notRecordable } from './recording.errors.ts';
import type { ReplayCase } from '../template/test-file.ts';

/** The case as the text of its file. `note` is a comment at its head. Throws `TEST_NOT_RECORDABLE` when it is too large. */
export function caseText(recorded: ReplayCase, note: string): string {
  const { title, inputs, answers, usage, decisions, expect } = recorded;
  const kept = {
    title,
    inputs,
    ...(Object.keys(answers).length > 0 && { answers }),
    ...(Object.keys(usage).length > 0 && { usage }),
    ...(decisions.length > 0 && { decisions }),
    expect,
  };
  const head = note
    .split('\n')
    .map((line) => `# ${line}\n`)
    .join('');
  const text = head + yamlText(kept);
  const bytes = new TextEncoder().encode(text).byteLength;
  if (bytes > MAX_BYTES)
    throw notRecordable(
      `the file would have ${bytes} bytes, and ${MAX_BYTES} are the most`,
      'Record a smaller run.',
    );
  return text;
}

/** A file name for the case: `sent-back-once` for "Sent back: once!". */
export function caseFileName(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return `${(words ?? ['recorded']).join('-').slice(0, 60).replace(/-+$/, '')}.test.yaml`;
}
