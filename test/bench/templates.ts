import { definePlugin } from '@stagewright/engine/plugin';
import type { Plugin } from '@stagewright/engine/plugin';

/** The work of every stage here: nothing but a step on, so that what is left is what the product adds. */
export const benchPlugin: Plugin = definePlugin({
  name: 'bench',
  version: '1.0.0',
  title: 'Bench',
  description: 'Stages that do nothing, to measure what surrounds them.',
  workflowType: { name: 'bench', title: 'Bench', description: 'Work without work.' },
  actions: [
    {
      id: 'bench/step',
      description: 'Adds one.',
      input: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
      output: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
      scopes: [],
      idempotency: 'natural',
      run: ({ n }) => Promise.resolve({ n: Number(n) + 1 }),
      examples: [{ title: 'One more', with: { n: 1 }, expect: { output: { n: 2 } } }],
    },
  ],
});

const HEAD = 'apiVersion: stagewright/v1\ntype: bench\nversion: 1.0.0\nowners: [bench]\n';

/** The registry of the bench: path -> content. */
export const BENCH_REGISTRY: Record<string, string> = {
  'stagewright.yaml':
    'apiVersion: stagewright/v1\nkind: Registry\nname: bench\ntitle: Bench\nowners: [bench]\n',
  'templates/w5/template.yaml': `${HEAD}name: w5
title: Five stages
description: Five stages, one after the other.
inputs: {type: object, additionalProperties: false}
stages:
${[1, 2, 3, 4, 5].map(chained).join('')}outputs: {n: "\${{ stages.s5.output.n }}"}
`,
  'templates/f200/template.yaml': `${HEAD}name: f200
title: Two hundred tasks
description: A stage of two hundred tasks, then a join.
inputs:
  type: object
  required: [items]
  additionalProperties: false
  properties: {items: {type: array, maxItems: 1000, items: {type: integer}}}
stages:
  - {id: fan, mode: system, uses: bench/step, forEach: "\${{ inputs.items }}", as: entry, concurrency: 64, with: {n: "\${{ entry }}"}}
  - {id: join, mode: system, uses: bench/step, with: {n: "\${{ size(stages.fan.output) - 1 }}"}}
outputs: {n: "\${{ stages.join.output.n }}"}
`,
  'templates/p10k/template.yaml': `${HEAD}name: p10k
title: A gate
description: One stage and the approval after it.
inputs: {type: object, additionalProperties: false}
stages:
  - {id: draft, mode: system, uses: bench/step, with: {n: 0}, approval: {approvers: [role:approver], quorum: 1}}
outputs: {n: "\${{ stages.draft.output.n }}"}
`,
  'templates/form/template.yaml': `${HEAD}name: form
title: A form
description: One stage that a person fills in.
inputs: {type: object, additionalProperties: false}
stages:
  - {id: fill, mode: manual, form: {type: object, properties: {n: {type: integer}}}}
`,
  'templates/failing/template.yaml': `${HEAD}name: failing
title: A failure
description: One stage, which is given what is no number.
inputs: {type: object, required: [n], additionalProperties: false, properties: {n: {}}}
stages:
  - {id: draft, mode: system, uses: bench/step, with: {n: "\${{ inputs.n }}"}}
`,
};

function chained(k: number): string {
  const before = k === 1 ? '0' : `"\${{ stages.s${k - 1}.output.n }}"`;
  return `  - {id: s${k}, mode: system, uses: bench/step, with: {n: ${before}}}\n`;
}
