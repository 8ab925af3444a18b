import { endingFor } from './endings.ts';

/** What a new template is called and makes. */
export interface TemplateWish {
  name: string;
  /** Workflow type, such as `ebook`. */
  type: string;
}

/**
 * The files of a template that checks without a finding and whose cases pass: a draft that a person signs off, and what makes
 * files of it where the workflow type has an action for that. By their place in the registry.
 */
export function templateFiles(wish: TemplateWish): Map<string, string> {
  const folder = `templates/${wish.name}`;
  const ending = endingFor(wish.type);
  return new Map([
    [`${folder}/template.yaml`, template(wish)],
    [`${folder}/README.md`, readme(wish)],
    [`${folder}/prompts/draft.hbs`, prompt(ending.asked)],
    [`${folder}/schemas/draft.json`, `${JSON.stringify(contract(ending.described), null, 2)}\n`],
    [`${folder}/tests/approved-at-once.test.yaml`, approvedAtOnce(wish.type)],
    [`${folder}/tests/sent-back-once.test.yaml`, sentBackOnce(wish.type)],
    ...ending.prompts.map(([name, text]) => [`${folder}/prompts/${name}`, text] as const),
  ]);
}

function titleOf(name: string): string {
  const words = name.replaceAll(/[-_]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function template({ name, type }: TemplateWish): string {
  const { stages, outputs } = endingFor(type);
  return `# yaml-language-server: $schema=../../schema/template.v1.schema.json
apiVersion: stagewright/v1
name: ${name}
title: ${titleOf(name)}
description: What it makes, and for whom, in a sentence.
type: ${type}
version: 0.1.0
owners: []

inputs:
  type: object
  required: [topic]
  additionalProperties: false
  properties:
    topic: {type: string, minLength: 3, maxLength: 200, title: Topic, description: What it is about.}
    audience: {type: string, maxLength: 200, default: general readers, title: Audience}

defaults: {models: [default], retry: {attempts: 3}, timeout: 5m}
budget: {usd: 2, onExceed: ask}

stages:
  - id: draft
    name: Draft
    description: Writes the text. A person approves it before anything is made of it.
    mode: ai
    prompt: prompts/draft.hbs
    output: schemas/draft.json
    # Whoever starts a run may sign it off: set selfApproval to false where four eyes are asked for.
    approval: {approvers: [role:approver], quorum: 1, selfApproval: true, maxAttempts: 5}
${stages}
outputs:
${outputs}`;
}

function readme({ name, type }: TemplateWish): string {
  const rows = ['| draft | AI, then a person | a title and a text, signed off |', ...endingFor(type).rows];
  return `# ${titleOf(name)}

Say what it makes, for whom, and what has to be given to it.

| stage | who | what comes out |
|---|---|---|
${rows.join('\n')}

\`stagewright check\` finds what is wrong with it, \`stagewright test\` replays its recorded cases, and this runs it:

\`\`\`sh
stagewright run ${name} -i topic="Keeping bees in a small garden"
\`\`\`
`;
}

function prompt(asked: string): string {
  return `---
description: Writes the draft.
---
Write about "{{inputs.topic}}" for {{inputs.audience}}.

Give it a title, and ${asked}. Plain words, short sentences; claim only what you can bear out.
{{#if feedback}}

A reviewer sent the last draft back. Take up every remark:
{{#each feedback as |remark|}}
- {{remark.body}}
{{/each}}

The draft they saw:
{{json previous}}
{{/if}}
`;
}

function contract(described: string): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A draft',
    type: 'object',
    required: ['title', 'text'],
    additionalProperties: false,
    properties: {
      title: {
        type: 'string',
        minLength: 3,
        maxLength: 70,
        pattern: '^[^<>&"]*$',
        description: 'Plain text.',
      },
      text: { type: 'string', minLength: 40, maxLength: 60_000, description: described },
    },
  };
}

const CASE_SCHEMA = '# yaml-language-server: $schema=../../../schema/test.v1.schema.json\n';
const DRAFT = 'A hive wants morning sun, shelter from the wind and a dry stand.';
const OTHER = 'Bees have been kept for five thousand years, at first in logs.';

function approvedAtOnce(type: string): string {
  const { text, answers, expected } = endingFor(type);
  return `${CASE_SCHEMA}title: A draft that is approved at once
inputs: {topic: Keeping bees in a small garden, audience: beginners}
answers:
  draft: {title: Bees by the Back Door, text: "${text(DRAFT)}"}
${answers.passed}decisions:
  - {stage: draft, do: approve}
expect:
  state: done
  stages:
    draft: {state: done, round: 1}
${expected}  prompts:
    draft: {contains: [Keeping bees in a small garden, beginners], lacks: [A reviewer sent the last draft back]}
`;
}

function sentBackOnce(type: string): string {
  const { text, answers, expected } = endingFor(type);
  return `${CASE_SCHEMA}title: A draft that is sent back is written again with the remarks
inputs: {topic: Keeping bees in a small garden}
answers:
  draft:
    rounds:
      - {title: Bees, text: "${text(OTHER)}"}
      - {title: Bees by the Back Door, text: "${text(DRAFT)}"}
${answers.mended}decisions:
  - {stage: draft, do: request-changes, comments: ["No history, please: begin with where the hive stands."]}
  - {stage: draft, do: approve}
expect:
  state: done
  stages:
    draft: {state: done, round: 2}
${expected}  prompts:
    draft: {contains: [general readers, A reviewer sent the last draft back, No history, five thousand years]}
`;
}
