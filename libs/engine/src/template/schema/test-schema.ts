import type { JsonSchema } from '../../vocabulary.ts';

/** How a person's decision is written in a template test. */
export interface RecordedDecision {
  stage: string;
  do: 'approve' | 'request-changes' | 'submit-input' | 'next-stage';
  comments?: string[];
  tasks?: string[];
  task?: string;
  input?: unknown;
}

const text: JsonSchema = { type: 'string' };
const texts: JsonSchema = { type: 'array', items: text };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const stageId: JsonSchema = { type: 'string', pattern: '^[a-z][a-z0-9_-]{0,63}$' };

function closed(properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema {
  return { type: 'object', additionalProperties: false, required, properties };
}

function byStage(value: JsonSchema): JsonSchema {
  return { type: 'object', propertyNames: stageId, additionalProperties: value };
}

const decision: JsonSchema = {
  ...closed({ stage: stageId, do: { enum: ['approve', 'request-changes', 'submit-input', 'next-stage'] } }, [
    'stage',
    'do',
  ]),
};
decision['properties'] = {
  ...(decision['properties'] as JsonSchema),
  comments: { ...texts, minItems: 1 },
  tasks: { ...texts, minItems: 1 },
  task: text,
  input: {},
};

/** The format of `templates/<name>/tests/<case>.test.yaml`. Closed: a key that nobody reads would test nothing. */
export const CASE_SCHEMA: JsonSchema = closed(
  {
    title: { ...text, minLength: 1, maxLength: 200 },
    inputs: { type: 'object' },
    answers: byStage({}),
    decisions: { type: 'array', maxItems: 200, items: decision },
    expect: {
      ...closed({
        state: {
          enum: ['running', 'approval_pending', 'input_pending', 'paused', 'done', 'failed', 'cancelled'],
        },
        error: text,
        stages: byStage(closed({ state: text, round: count, tasks: count, output: {}, error: text })),
        outputs: { type: 'object' },
        prompts: byStage(closed({ contains: texts, lacks: texts })),
      }),
      minProperties: 1,
    },
  },
  ['title', 'expect'],
);
