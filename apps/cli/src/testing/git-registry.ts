import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A registry in a Git repository of its own, outside of the project. */
export interface GitRegistry {
  /** Folder of the registry. */
  root: string;
  git(...args: string[]): string;
  put(path: string, text: string): void;
  /** Replaces a text that has to be there, once. */
  edit(path: string, find: string, replace: string): void;
  remove(path: string): void;
  /** Commits everything; gives the commit. */
  commit(): string;
}

/** `folder`: where the registry lies in its repository; empty for its root. */
export function gitRegistry(folder = ''): GitRegistry {
  const repository = mkdtempSync(join(tmpdir(), 'git-registry-'));
  const root = join(repository, folder);
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], {
      cwd: repository,
      encoding: 'utf8',
    }).trim();
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  git('init', '--quiet', '--initial-branch=main');
  return {
    root,
    git,
    put,
    edit: (path, find, replace) => {
      const text = readFileSync(join(root, path), 'utf8');
      if (!text.includes(find)) throw new Error(`${path} does not hold ${JSON.stringify(find)}`);
      put(path, text.replace(find, replace));
    },
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    commit: () => {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message=x');
      return git('rev-parse', 'HEAD');
    },
  };
}

/** A template of one stage, with a prompt of its own that includes the shared partial `house`. */
export function smallTemplate(
  name: string,
  given: { version?: string; more?: string } = {},
): Record<string, string> {
  return {
    [`templates/${name}/template.yaml`]: `apiVersion: stagewright/v1
name: ${name}
title: A ${name}
description: Writes about a topic.
type: ebook
version: ${given.version ?? '1.0.0'}
inputs:
  type: object
  required: [topic]
  additionalProperties: false
  properties:
    topic: {type: string, minLength: 3}
stages:
  - id: draft
    mode: ai
    prompt: prompts/draft.hbs
    output: {type: object, required: [text], properties: {text: {type: string}}}
    approval: {approvers: [role:approver], quorum: 2}
${given.more ?? ''}outputs: {text: "\${{ stages.draft.output.text }}"}
`,
    [`templates/${name}/prompts/draft.hbs`]: 'Write about {{inputs.topic}}.\n{{> house}}\n',
    [`templates/${name}/tests/approved.test.yaml`]: `title: Approved
inputs: {topic: Bees}
answers: {draft: {text: On bees}}
decisions: [{stage: draft, do: approve}, {stage: draft, do: approve}]
expect: {state: done, outputs: {text: On bees}}
`,
  };
}

/** A registry of the templates `tea` and `coffee`, which share a partial and a stage; committed on `main`. */
export function twoTemplates(folder = ''): GitRegistry {
  const registry = gitRegistry(folder);
  const checked = '  - {id: look, extends: stages/look}\n';
  const files = { ...smallTemplate('tea', { more: checked }), ...smallTemplate('coffee') };
  for (const [path, text] of Object.entries(files)) registry.put(path, text);
  registry.put('prompts/house.hbs', 'Plain words.\n');
  registry.put(
    'stages/look.yaml',
    'mode: manual\nform: {type: object, properties: {note: {type: string}}}\n',
  );
  registry.edit(
    'templates/tea/tests/approved.test.yaml',
    '}]\nexpect',
    '}, {stage: look, do: submit-input, input: {}}]\nexpect',
  );
  registry.put('stagewright.yaml', 'apiVersion: stagewright/v1\nkind: Registry\nname: drinks\n');
  registry.commit();
  return registry;
}
