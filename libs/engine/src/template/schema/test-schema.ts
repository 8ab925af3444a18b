import type { JsonSchema } from '../../vocabulary.ts';

/** What a person, or time, did: `stage` is absent only where the whole run is meant. */
export interface RecordedDecision {
  stage?: string;
  do: DecisionName;
  /** `starter`, `role:<name>` or `user:<id>`; default is somebody who may. */
  by?: string;
  comments?: RecordedComment[];
  tasks?: string[];
  task?: string;
  input?: unknown;
  budgetUsd?: number;
}

/** A remark, or one that is anchored to a task, a JSON pointer of its output, or a line of the text there. */
export type RecordedComment = string | { body: string; task?: string; path?: string; line?: number };

/** `miss-deadline` lets the deadline of the gate pass. */
export type DecisionName =
  | 'approve'
  | 'request-changes'
  | 'submit-input'
  | 'next-stage'
  | 'miss-deadline'
  | 'rerun'
  | 'retry'
  | 'resume'
  | 'cancel';

/** Names the schema; nothing is fetched from there. */
export const CASE_SCHEMA_ID = 'urn:stagewright:schema:test:v1';

type Schema = Record<string, JsonSchema>;

const text = (description: string, more: JsonSchema = {}): JsonSchema => ({
  description,
  type: 'string',
  ...more,
});
const texts = (description: string, more: JsonSchema = {}): JsonSchema => ({
  description,
  type: 'array',
  items: { type: 'string', minLength: 1 },
  ...more,
});
const count = (description: string, minimum = 0): JsonSchema => ({ description, type: 'integer', minimum });
const amount = (description: string): JsonSchema => ({ description, type: 'number', minimum: 0 });
const ID_PATTERN = '^[a-z][a-z0-9_-]{0,63}$';

function closed(description: string, properties: Schema, required: string[] = []): JsonSchema {
  return { description, type: 'object', additionalProperties: false, required, properties };
}

function byStage(description: string, value: JsonSchema): JsonSchema {
  return {
    description,
    type: 'object',
    propertyNames: { type: 'string', pattern: ID_PATTERN },
    additionalProperties: value,
  };
}

const byPath = (description: string, value: JsonSchema): JsonSchema => ({
  description,
  type: 'object',
  minProperties: 1,
  maxProperties: 200,
  additionalProperties: value,
});

const comment = closed(
  'A remark with its anchor.',
  {
    body: text('What the reviewer says.', { minLength: 1 }),
    task: text('Only about this task, such as `chapters/2`.'),
    path: text("JSON pointer into the task's output, such as `/chapters/0/title`."),
    line: count('Line of the text there.', 1),
  },
  ['body'],
);

const decision: JsonSchema = {
  ...closed(
    'One decision, about the round that the run is in then.',
    {
      stage: text('The stage it is about; of `rerun`, the one to begin with.', { pattern: ID_PATTERN }),
      do: {
        description: 'What was decided. `miss-deadline` lets the deadline of a gate pass.',
        enum: [
          'approve',
          'request-changes',
          'submit-input',
          'next-stage',
          'miss-deadline',
          'rerun',
          'retry',
          'resume',
          'cancel',
        ],
      },
      by: text(
        'Who decides: `starter`, `role:<name>` or `user:<id>`. Default: somebody who may, each time another.',
        {
          pattern: '^(starter|(role|user):.+)$',
        },
      ),
      comments: {
        description: 'Remarks: texts, or anchored ones.',
        type: 'array',
        minItems: 1,
        items: { type: ['string', 'object'], if: { type: 'object' }, then: comment },
      },
      tasks: texts('With request-changes: only these tasks are made again.', { minItems: 1 }),
      task: text('With submit-input: the task whose form it is.'),
      input: { description: 'With submit-input: the form.' },
      budgetUsd: amount('With resume: what the budget is raised to.'),
    },
    ['do'],
  ),
  if: { properties: { do: { enum: ['retry', 'resume', 'cancel'] } } },
  else: { required: ['stage'] },
};

const prompt: JsonSchema = {
  ...closed('One prompt: of the last round and the last item, unless it is named.', {
    round: count('Round of the stage.', 1),
    task: text('Task, such as `chapters/0`.'),
    contains: texts('Texts that stand in it.'),
    lacks: texts('Texts that do not stand in it.'),
    variables: byPath('What it was rendered with, by path: `inputs.topic`, `feedback[0].body`.', {}),
    changed: texts('Paths of variables that are not as they were in the round before.', { minItems: 1 }),
  }),
  minProperties: 1,
};

const call: JsonSchema = closed(
  'One call: of the last round and the last item, unless it is named.',
  {
    round: count('Round of the stage.', 1),
    task: text('Task, such as `chapters/0`.'),
    with: {
      description:
        'What it was given, of mappings only what is named. Of a command: `{command, args, files}`, files with their text by path.',
      type: 'object',
      minProperties: 1,
    },
  },
  ['with'],
);

const expectation: JsonSchema = {
  ...closed('What must be so at the end. What is not named is not looked at.', {
    state: {
      description: 'State of the run.',
      enum: ['running', 'approval_pending', 'input_pending', 'paused', 'done', 'failed', 'cancelled'],
    },
    error: text("Code of the run's error."),
    stages: byStage(
      'Stages by id.',
      closed('A stage.', {
        state: text('State of the stage.'),
        round: count('Its round: 1, and one more after each request for changes, retry or rerun.'),
        tasks: count('Number of its tasks.'),
        output: { description: 'Its output: of mappings only what is named, lists item by item.' },
        error: text('Code of its error.'),
      }),
    ),
    outputs: { description: 'Outputs of the run: of mappings only what is named.', type: 'object' },
    values: byPath('Values by path: `stages.outline.output.chapters[0].title`; `[*]` is every item.', {}),
    contracts: byPath('JSON Schemas that the values at a path satisfy.', { type: 'object' }),
    artifacts: {
      ...closed('Files that the outputs of stages name.', {
        count: count('How many.'),
        include: {
          description: 'Files that are among them.',
          type: 'array',
          minItems: 1,
          items: {
            ...closed('A file.', {
              name: text('Its name.'),
              type: text('Its type, such as `epub`.'),
              mediaType: text('Its media type.'),
              stage: text('The stage whose output names it.', { pattern: ID_PATTERN }),
            }),
            minProperties: 1,
          },
        },
      }),
      minProperties: 1,
    },
    prompts: byStage('What models were asked, by stage.', {
      type: ['object', 'array'],
      if: { type: 'array' },
      then: { minItems: 1, items: prompt },
      else: prompt,
    }),
    calls: byStage('What actions and commands were given, by stage.', {
      type: ['object', 'array'],
      if: { type: 'array' },
      then: { minItems: 1, items: call },
      else: call,
    }),
    cost: {
      ...closed('What the run spent by the recorded `usage`.', {
        maxUsd: amount('At most this many US dollars.'),
        maxTokens: count('At most this many tokens, in and out.'),
      }),
      minProperties: 1,
    },
    endActions: {
      description: 'The end actions that are asked for, all of them, in order. They are not carried out.',
      type: 'array',
      items: closed(
        'An end action.',
        {
          uses: text('The action.'),
          with: { description: 'Of what it is given, only what is named.', type: 'object' },
        },
        ['uses'],
      ),
    },
  }),
  minProperties: 1,
};

/** The format of `templates/<name>/tests/<case>.test.yaml`. Closed: a key that nobody reads would test nothing. */
export const CASE_SCHEMA: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: CASE_SCHEMA_ID,
  title: 'Stagewright template test',
  ...closed(
    'A recorded run of a template, and what must come of it.',
    {
      title: text('What the case shows, as a sentence.', { minLength: 1, maxLength: 200 }),
      inputs: { description: 'Inputs of the run.', type: 'object' },
      answers: byStage(
        'What models and actions gave, by stage: a value for all, `{rounds: [...]}`, `{tasks: [...]}`, `{tries: [...]}` or `{error: {code, message, retryable}}`.',
        {},
      ),
      usage: byStage(
        'What the answers cost, by stage: `{inputTokens, outputTokens, usd}` for each task, or by rounds, tasks and tries as answers.',
        { type: 'object' },
      ),
      decisions: {
        description:
          'What people decided, in order. Each comes when the run has gone as far as it goes by itself.',
        type: 'array',
        maxItems: 200,
        items: decision,
      },
      expect: expectation,
    },
    ['title', 'expect'],
  ),
};

/** The format of tests, as it is published for editors. */
export function testSchema(): JsonSchema {
  return structuredClone(CASE_SCHEMA);
}
