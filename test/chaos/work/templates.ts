import { MANIFEST } from '../../e2e/support/git-registry.ts';

const TEXT =
  '{type: object, required: [text], additionalProperties: false, properties: {text: {type: string, minLength: 1}}}';
const PARTS =
  '{type: object, required: [parts], additionalProperties: false, properties: {parts: {type: array, minItems: 1, maxItems: 20, items: {type: string}}}}';
const GATE =
  "{approvers: ['role:approver'], quorum: 1, selfApproval: true, deadline: 48h, onDeadline: escalate, maxAttempts: 5}";

const head = (name: string): string => `apiVersion: stagewright/v1
name: ${name}
title: ${name}
type: ebook
version: 1.0.0
permissions: [http:write]
defaults: {retry: {attempts: 8, delay: 150ms, maxDelay: 1s}, timeout: 60s}
inputs:
  type: object
  additionalProperties: false
  required: [name]
  properties: {name: {type: string}}
`;

/** Tells the receiver, under the key of the call, who speaks and about what. */
const tell = (receiver: string, work: string): string =>
  `{url: "http://${receiver}/effects", body: {run: "\${{ run.id }}", work: ${work}, name: "\${{ inputs.name }}"}}`;

/** What the storm runs, from models to effects outside. `receiver` is `host:port`. */
export function stormRegistry(receiver: string): Record<string, string> {
  return {
    'stagewright.yaml': MANIFEST,
    'templates/story/template.yaml': `${head('story')}stages:
  - {id: outline, mode: ai, prompt: prompts/outline.hbs, output: ${PARTS}}
  - {id: parts, mode: ai, forEach: "\${{ stages.outline.output.parts }}", as: part, concurrency: 3, prompt: prompts/part.hbs, output: ${TEXT}}
  - {id: review, mode: ai, prompt: prompts/text.hbs, output: ${TEXT}, approval: ${GATE}}
  - {id: tell, mode: system, uses: http/request, forEach: "\${{ stages.outline.output.parts }}", as: part, concurrency: 3, with: ${tell(receiver, '"${{ part }}"')}}
outputs: {text: "\${{ stages.review.output.text }}"}
onComplete:
  - {uses: http/request, with: ${tell(receiver, 'end')}}
`,
    'templates/story/prompts/outline.hbs': 'outline of {{inputs.name}}\n',
    'templates/story/prompts/part.hbs': 'part {{part}} of {{inputs.name}}\n',
    'templates/story/prompts/text.hbs': 'text of {{inputs.name}}\n',
    'templates/note/template.yaml': `${head('note')}stages:
  - {id: text, mode: ai, prompt: prompts/text.hbs, output: ${TEXT}, approval: ${GATE}}
outputs: {text: "\${{ stages.text.output.text }}"}
onComplete:
  - {uses: http/request, with: ${tell(receiver, 'end')}}
`,
    'templates/note/prompts/text.hbs': 'text of {{inputs.name}}\n',
    'templates/poison/template.yaml': `${head('poison')}stages:
  - {id: poison, mode: ai, prompt: prompts/poison.hbs, output: ${TEXT}}
outputs: {text: "\${{ stages.poison.output.text }}"}
`,
    'templates/poison/prompts/poison.hbs': 'poison of {{inputs.name}}\n',
  };
}

/** Work that reaches the receiver, by template: stage of `forEach` or `end`, for the oracles. */
export const EFFECTS = { story: ['tell', 'end'], note: ['end'], poison: [] } as const;
