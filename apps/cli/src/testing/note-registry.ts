import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const FILES: Record<string, string> = {
  'stagewright.yaml': 'apiVersion: stagewright/v1\nkind: Registry\nname: notes\n',
  'templates/note/template.yaml': `apiVersion: stagewright/v1
name: note
title: Note
description: A note in parts.
type: ebook
version: 1.0.0
inputs:
  type: object
  required: [topic]
  additionalProperties: false
  properties: {topic: {type: string, maxLength: 40}, long: {type: boolean, default: false}}
stages:
  - id: text
    mode: ai
    prompt: prompts/text.hbs
    approval: {selfApproval: true}
  - id: more
    mode: ai
    if: inputs.long
    prompt: prompts/text.hbs
outputs: {text: "\${{ stages.text.output }}"}
`,
  'templates/note/prompts/text.hbs': 'Write about {{inputs.topic}}.\n',
  'templates/note/tests/short.test.yaml': `# A short note.
title: A short note
inputs: {topic: Tea}
answers:
  text: |
    Tea is a drink.
    It is made of leaves.
decisions: [{stage: text, do: approve}]
expect:
  state: done
  stages: {text: {state: done, round: 1}, more: {state: skipped}}
`,
};

/** A folder with a registry of one template `note` and its one case; what is given is written over it. */
export function noteRegistry(given: Record<string, string> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'notes-'));
  for (const [path, text] of Object.entries({ ...FILES, ...given })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

export const NOTE_CASE = 'templates/note/tests/short.test.yaml';

export function noteFile(path: string): string {
  return FILES[path] ?? '';
}
