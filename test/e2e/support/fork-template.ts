import { MANIFEST } from './git-registry.ts';

const TEXT =
  '{type: object, required: [text], additionalProperties: false, properties: {text: {type: string, minLength: 1}}}';

/**
 * A template whose inputs say what a run of it comes to wait for: a model (`hold`), a gate, a form, "next stage" (`advance`), or nothing; with `fail` it
 * fails. The branches lie side by side, so that any of them can wait together.
 */
const FORK = `apiVersion: stagewright/v1
name: fork
title: Fork
type: ebook
version: 1.0.0
inputs:
  type: object
  additionalProperties: false
  properties:
    hold: {type: boolean, default: false}
    gate: {type: boolean, default: false}
    form: {type: boolean, default: false}
    advance: {type: boolean, default: false}
    fail: {type: boolean, default: false}
    word: {type: string, default: x}
stages:
  - {id: base, mode: ai, prompt: prompts/quick.hbs, output: ${TEXT}}
  - {id: held, mode: ai, needs: [base], if: inputs.hold, prompt: prompts/held.hbs, output: ${TEXT}}
  - id: gate
    mode: ai
    needs: [base]
    if: inputs.gate
    prompt: prompts/quick.hbs
    output: ${TEXT}
    approval: {approvers: ['role:approver'], quorum: 1, selfApproval: true, deadline: 48h, onDeadline: escalate, maxAttempts: 5}
  - {id: form, mode: manual, needs: [base], if: inputs.form, form: ${TEXT}}
  - {id: lead, mode: ai, needs: [base], if: inputs.advance, advance: manual, prompt: prompts/quick.hbs, output: ${TEXT}}
  - {id: after, mode: ai, needs: [lead], if: inputs.advance, prompt: prompts/quick.hbs, output: ${TEXT}}
  - {id: broken, mode: ai, needs: [base], if: inputs.fail && int(inputs.word) > 0, prompt: prompts/quick.hbs, output: ${TEXT}}
outputs: {text: "\${{ stages.base.output.text }}"}
`;

export const FORK_REGISTRY: Record<string, string> = {
  'stagewright.yaml': MANIFEST,
  'templates/fork/template.yaml': FORK,
  'templates/fork/prompts/quick.hbs': 'Answer at once.\n',
  'templates/fork/prompts/held.hbs': 'Think for long.\n',
};

/** For a model service: what the prompts of `fork` ask. */
export function understandFork(prompt: string): { name: string; answer: unknown } {
  return { name: prompt.startsWith('Think') ? 'held' : 'quick', answer: { text: 'A word or two.' } };
}
