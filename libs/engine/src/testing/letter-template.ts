import { createActionRegistry } from '../execution/action-registry.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { compileTemplate } from '../template/compile-template.ts';
import { filesFromMap } from '../template/registry-files.ts';
import type { Plan } from '../template/plan.ts';
import type { RegistryFiles } from '../template/registry-files.ts';

const letters = definePlugin({
  name: 'letters',
  version: '1.0.0',
  title: 'Letters',
  description: 'Makes letters.',
  workflowType: { name: 'letter', title: 'Letter', description: 'A letter.' },
  actions: [
    {
      id: 'letters/print',
      description: 'Prints.',
      input: {
        type: 'object',
        required: ['parts', 'signature'],
        properties: { parts: { type: 'array' }, signature: { type: 'string' } },
        additionalProperties: false,
      },
      output: {
        type: 'object',
        required: ['pages', 'file'],
        properties: { pages: { type: 'integer' }, file: { type: 'object' } },
      },
      scopes: [],
      idempotency: 'natural',
      run: async (input, { artifacts }) => {
        const parts = input['parts'] as string[];
        const content = new TextEncoder().encode(`${parts.join('\n')}\n`);
        const file = await artifacts.write({
          name: 'letter.txt',
          type: 'file',
          mediaType: 'text/plain',
          content,
        });
        return { pages: parts.length, file: { ...file } };
      },
      examples: [{ title: 'One', with: { parts: ['a'], signature: 'b' }, expect: { output: { pages: 1 } } }],
    },
  ],
});

/** Actions that the template `letter` is checked against, with a handler that makes a file. */
export const LETTER_ACTIONS = createActionRegistry([letters], {
  readAsset: () => Promise.reject(new Error('There is no asset.')),
});

/** A template with a stage of nearly every kind: a gate with a deadline, `forEach`, a form, `if`, a budget and an end action. */
const LETTER = `apiVersion: stagewright/v1
name: letter
title: Letter
description: A letter in parts.
type: letter
version: 1.0.0
permissions: [runs:start]
inputs:
  type: object
  required: [topic]
  additionalProperties: false
  properties:
    topic: {type: string}
    polished: {type: boolean, default: false}
defaults: {models: [default], retry: {attempts: 2}}
budget: {usd: 1, onExceed: ask}
stages:
  - id: outline
    mode: ai
    prompt: prompts/outline.hbs
    output: {type: object, required: [parts], properties: {parts: {type: array, items: {type: string}}}, additionalProperties: false}
    approval: {approvers: [role:approver], selfApproval: true, deadline: 1h, onDeadline: escalate, maxAttempts: 4}
  - id: parts
    mode: ai
    forEach: \${{ stages.outline.output.parts }}
    as: part
    concurrency: 2
    prompt: prompts/part.hbs
    approval: {selfApproval: true}
    advance: manual
  - id: signature
    mode: manual
    form: {type: object, required: [name], properties: {name: {type: string}}, additionalProperties: false}
  - id: polish
    mode: ai
    if: inputs.polished
    prompt: prompts/polish.hbs
  - id: print
    mode: system
    uses: letters/print
    with: {parts: "\${{ stages.parts.output }}", signature: "\${{ stages.signature.output.name }}"}
outputs: {pages: "\${{ stages.print.output.pages }}", file: "\${{ stages.print.output.file }}"}
onComplete:
  - {uses: workflow/start, if: inputs.polished, with: {template: letter, inputs: {topic: "Answer to \${{ inputs.topic }}"}}}
`;

/** The files of a registry with the template `letter`, changed as a test wants it. */
export function letterFiles(change: (template: string) => string = (template) => template): RegistryFiles {
  return filesFromMap(
    new Map([
      ['templates/letter/template.yaml', change(LETTER)],
      [
        'templates/letter/prompts/outline.hbs',
        'Plan a letter on {{inputs.topic}}.{{#if feedback}}{{#each feedback as |remark|}} {{remark.body}}{{/each}}{{/if}}',
      ],
      ['templates/letter/prompts/part.hbs', 'Write {{part}} as number {{index}}.'],
      ['templates/letter/prompts/polish.hbs', 'Polish {{json stages.parts.output}}.'],
    ]),
  );
}

/** The plan of the template. Throws when a change broke it. */
export function letterPlan(files: RegistryFiles = letterFiles()): Plan {
  const { plan, findings } = compileTemplate(files, 'letter', LETTER_ACTIONS);
  if (plan === null) throw new Error(JSON.stringify(findings));
  return plan;
}
