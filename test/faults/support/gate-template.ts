import { MANIFEST } from '../../e2e/support/git-registry.ts';

const TEXT =
  '{type: object, required: [text], additionalProperties: false, properties: {text: {type: string, minLength: 1, maxLength: 40}}}';

const template = (name: string, stages: string): string => `apiVersion: stagewright/v1
name: ${name}
title: ${name}
type: ebook
version: 1.0.0
inputs: {type: object, additionalProperties: false, properties: {note: {type: string, default: x}}}
stages:
${stages}outputs: {text: "\${{ stages.text.output.text }}"}
`;

/** Templates whose runs come to a gate: `gate` with one, `four-eyes` with one that whoever started the run may not pass. */
export const GATE_REGISTRY: Record<string, string> = {
  'stagewright.yaml': MANIFEST,
  'templates/gate/template.yaml': template(
    'gate',
    `  - {id: text, mode: ai, prompt: prompts/text.hbs, output: ${TEXT}, approval: {approvers: ['role:approver'], quorum: 1, selfApproval: true, maxAttempts: 5}}\n`,
  ),
  'templates/gate/prompts/text.hbs': 'Write.\n',
  'templates/four-eyes/template.yaml': template(
    'four-eyes',
    `  - {id: text, mode: ai, prompt: prompts/text.hbs, output: ${TEXT}, approval: {approvers: ['role:approver'], quorum: 1, selfApproval: false, maxAttempts: 5}}\n`,
  ),
  'templates/four-eyes/prompts/text.hbs': 'Write.\n',
};
