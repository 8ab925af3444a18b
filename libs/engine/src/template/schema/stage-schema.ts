import type { JsonSchema, StageMode } from '../../vocabulary.ts';
import {
  ACTION_PATTERN,
  closed,
  COMMAND_PATTERN,
  choice,
  EXTENDS_PATTERN,
  flag,
  ID_PATTERN,
  ITEM_NAME_PATTERN,
  list,
  MODEL_PATTERN,
  needing,
  PERSON_PATTERN,
  ref,
  SCOPE_PATTERN,
  text,
  whole,
} from './fragments.ts';

export const MODES: readonly StageMode[] = ['ai', 'manual', 'system', 'cli_loop'];

type Properties = Record<string, JsonSchema>;

/** A file of the template, or the thing itself. */
function fileOr(title: string, description: string): JsonSchema {
  return { title, description, type: ['string', 'object'] };
}

function file(title: string, description: string): JsonSchema {
  return text(title, description, { minLength: 1, maxLength: 200 });
}

const COMMON: Properties = {
  id: text('Id', 'Names the stage in `needs` and in expressions. Lower-case letters, digits, `_` and `-`.', {
    pattern: ID_PATTERN,
  }),
  name: text('Name', 'What people see.', { minLength: 1, maxLength: 100 }),
  description: text('Description', 'What the stage is for.', { maxLength: 2000 }),
  mode: choice('Mode', 'Who does the work: a model, a person, an action, or a command in a loop.', [
    ...MODES,
  ]),
  extends: text(
    'Extends',
    'A reusable stage of the registry: `stages/<name>`. Keys written here win over its keys.',
    {
      pattern: EXTENDS_PATTERN,
    },
  ),
  needs: {
    title: 'Needs',
    description: 'Stages that must have ended first. Without it, the stage before this one in the file.',
    type: ['array', 'string'],
    items: { type: 'string', description: 'The id of another stage.' },
    maxItems: 200,
    uniqueItems: true,
  },
  if: {
    title: 'If',
    description:
      'A CEL expression, bare or in `${{ }}`. When it is false the stage is skipped and its output is null.',
    type: ['string', 'boolean'],
  },
  forEach: text('For each', 'An expression that gives a list. The stage does one task per item.', {
    minLength: 1,
  }),
  as: text('As', 'The name of the item in expressions and prompts. Default `item`.', {
    pattern: ITEM_NAME_PATTERN,
    default: 'item',
  }),
  concurrency: { ...whole('Concurrency', 'Tasks of `forEach` that may work at once.', [1, 64]), default: 4 },
  retry: ref('retry'),
  timeout: ref('timeout'),
  approval: ref('approval'),
  advance: {
    ...choice('Advance', '`manual` lets the stages behind this one wait for "next stage" once it is done.', [
      'auto',
      'manual',
    ]),
    default: 'auto',
  },
  final: flag('Final', 'The run is done when this stage is done.', false),
  cache: flag(
    'Cache',
    'Whether an unchanged task gives its earlier output again on rerun and upgrade.',
    true,
  ),
  permissions: list(
    'Permissions',
    'Scopes of the template that this stage may use. Without it, all of them.',
    text('Scope', 'Such as `http:read`.', { pattern: SCOPE_PATTERN }),
    { uniqueItems: true },
  ),
};

const MODELS = list('Models', 'Model aliases in order of preference.', ref('model'), {
  minItems: 1,
  maxItems: 10,
});
const TEMPERATURE: JsonSchema = {
  title: 'Temperature',
  description: '0 is the most predictable.',
  type: 'number',
  minimum: 0,
  maximum: 2,
};
const MAX_TOKENS = whole('Max tokens', 'Longest answer, in tokens.', [1, 1_000_000]);

const BY_MODE: Record<StageMode, Properties> = {
  ai: {
    prompt: file('Prompt', 'A Handlebars file: what the model is asked.'),
    system: file('System prompt', 'A Handlebars file: how the model is to behave.'),
    models: MODELS,
    temperature: TEMPERATURE,
    maxTokens: MAX_TOKENS,
    output: fileOr('Output', 'The contract of the answer: a JSON Schema, as a file or written here.'),
    tools: list('Tools', 'Actions that the model may call.', ref('action'), {
      uniqueItems: true,
      maxItems: 50,
    }),
    maxToolCalls: whole('Max tool calls', 'Tool calls of one task in all.', [0, 100]),
  },
  manual: {
    form: fileOr('Form', 'What a person fills in: a JSON Schema, as a file or written here.'),
    assignees: list('Assignees', 'Who may fill it in: `role:<name>` or `user:<id>`.', {
      type: 'string',
      description: '`role:<name>` or `user:<id>`.',
      pattern: PERSON_PATTERN,
    }),
    guidelines: text('Guidelines', 'What the person should know. Markdown.', { maxLength: 10_000 }),
  },
  system: {
    uses: ref('action'),
    with: ref('with'),
  },
  cli_loop: {
    command: text('Command', 'The name of a command that the operator allows. Never a shell.', {
      pattern: COMMAND_PATTERN,
    }),
    args: list('Arguments', 'One argument per item, handed over as they are.', {
      type: ['string', 'number', 'boolean'],
      description: 'One argument; may hold `${{ }}`.',
    }),
    files: {
      title: 'Working files',
      description:
        'What the command works on: a list of `{path, content}` or `{path, artifact}`, written here or given by an expression.',
      type: ['array', 'string'],
      items: {
        type: ['object', 'string'],
        description: 'A file, or an expression that gives one or a list of them.',
        additionalProperties: false,
        properties: {
          path: text('Path', 'Where the command finds it: `index.html`, `pages/about.html`.', {
            minLength: 1,
          }),
          content: text('Content', 'Its text; may hold `${{ }}`.'),
          artifact: text('Artifact', 'An artifact, or the id of one; instead of `content`.'),
        },
      },
      maxItems: 100,
    },
    until: text(
      'Until',
      'A CEL expression over `result` (`exitCode`, `output`) that must be true as well; an exit code of 0 is always asked for.',
    ),
    maxIterations: {
      ...whole('Max iterations', 'Runs of the command, the first included.', [1, 20]),
      default: 5,
    },
    repair: file(
      'Repair prompt',
      'A Handlebars file: how the model mends the working files after a failure.',
    ),
    models: MODELS,
    temperature: TEMPERATURE,
    maxTokens: MAX_TOKENS,
  },
};

const REQUIRED: Record<StageMode, string[]> = {
  ai: ['prompt'],
  manual: ['form'],
  system: ['uses'],
  cli_loop: ['command'],
};

const TITLES: Record<StageMode, string> = {
  ai: 'A stage done by a model',
  manual: 'A stage done by a person',
  system: 'A stage done by an action',
  cli_loop: 'A stage done by a command in a loop',
};

/** Which modes know a key; every mode for a common one. */
export function modesWithKey(key: string): StageMode[] {
  return MODES.filter((mode) => Object.hasOwn(BY_MODE[mode], key));
}

/** Definitions of stages: `stage`, one per mode, `extendedStage` and `stageFile`. */
export function stageDefinitions(): Record<string, JsonSchema> {
  const anyMode = { ...COMMON, ...Object.assign({}, ...MODES.map((mode) => BY_MODE[mode])) } as Properties;
  const inFile = Object.fromEntries(
    Object.entries(anyMode).filter(([key]) => key !== 'id' && key !== 'extends'),
  );
  const perMode = MODES.map((mode): [string, JsonSchema] => [
    definitionName(mode),
    needing(
      { as: 'forEach', concurrency: 'forEach' },
      closed(TITLES[mode], 'A step of the workflow.', { ...COMMON, ...BY_MODE[mode] }, [
        'id',
        'mode',
        ...REQUIRED[mode],
      ]),
    ),
  ]);
  return {
    stage: {
      title: 'Stage',
      description: 'A step of the workflow.',
      type: 'object',
      if: { required: ['extends'] },
      then: ref('extendedStage'),
      else: ref('plainStage'),
    },
    plainStage: {
      type: 'object',
      required: ['id', 'mode'],
      properties: { mode: COMMON['mode'] ?? true },
      allOf: MODES.map((mode) => ({
        if: { required: ['mode'], properties: { mode: { const: mode } } },
        then: ref(definitionName(mode)),
      })),
    },
    ...Object.fromEntries(perMode),
    extendedStage: closed('A stage on top of a reusable one', 'Keys written here win.', anyMode, [
      'id',
      'extends',
    ]),
    stageFile: closed('A reusable stage', 'Used by `extends: stages/<name>`.', inFile),
  };
}

function definitionName(mode: StageMode): string {
  return mode === 'cli_loop' ? 'cliLoopStage' : `${mode}Stage`;
}

/** Definitions that stages and the template share. */
export const SHARED_DEFINITIONS: Record<string, JsonSchema> = {
  action: text('Action', 'An action of a plugin, such as `ebook/build`.', { pattern: ACTION_PATTERN }),
  model: text('Model', 'An alias that the operator maps to a provider and a model, such as `default`.', {
    pattern: MODEL_PATTERN,
  }),
  with: {
    title: 'With',
    description: 'What the action gets. Texts may hold `${{ }}`; one that is alone keeps its type.',
    type: 'object',
    maxProperties: 100,
  },
};
