import type { JsonSchema } from '../../vocabulary.ts';
import {
  APPROVER_PATTERN,
  choice,
  closed,
  DURATION_PATTERN,
  flag,
  ID_PATTERN,
  list,
  needing,
  ref,
  SCOPE_PATTERN,
  text,
  VERSION_PATTERN,
  whole,
} from './fragments.ts';
import { SHARED_DEFINITIONS, stageDefinitions } from './stage-schema.ts';

/** Actions that may run after a run has ended. */
export const END_ACTIONS = ['http/request', 'workflow/start', 'tool/call'];

export const MAX_STAGES = 200;

/** Names the schema; nothing is fetched from there. */
export const SCHEMA_ID = 'urn:stagewright:schema:template:v1';

/** The format `stagewright/v1` as one JSON Schema 2020-12: what checking runs, and what is published for editors. */
export function templateSchema(): JsonSchema {
  return structuredClone(document);
}

const document: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: SCHEMA_ID,
  ...closed(
    'Stagewright template',
    'The definition of a workflow: inputs, stages, gates, outputs.',
    {
      apiVersion: { title: 'Format', description: 'Always `stagewright/v1`.', const: 'stagewright/v1' },
      name: text('Name', "Equals the folder's name and never changes.", { pattern: ID_PATTERN }),
      title: text('Title', 'What people see.', { minLength: 1, maxLength: 100 }),
      description: text('Description', 'What the workflow makes.', { maxLength: 2000 }),
      type: text('Workflow type', 'What kind of thing it makes, such as `ebook`. A plugin provides it.', {
        pattern: ID_PATTERN,
      }),
      version: text('Version', 'SemVer, such as `1.0.0`. Quote it when it looks like a number.', {
        pattern: VERSION_PATTERN,
        maxLength: 100,
      }),
      owners: list('Owners', 'Who looks after the template.', {
        type: 'string',
        minLength: 1,
        maxLength: 100,
      }),
      labels: {
        title: 'Labels',
        description: 'Free words for finding templates.',
        type: 'object',
        maxProperties: 50,
        propertyNames: { pattern: '^[a-z][a-z0-9._/-]{0,63}$' },
        additionalProperties: { type: 'string', maxLength: 200 },
      },
      inputs: {
        title: 'Inputs',
        description: 'What a run is given: a JSON Schema 2020-12 of type object.',
        type: 'object',
        required: ['type'],
        properties: { type: { const: 'object', default: 'object' } },
      },
      defaults: ref('defaults'),
      budget: ref('budget'),
      permissions: list(
        'Permissions',
        'Scopes that stages may use; anything else is refused.',
        text('Scope', 'Such as `http:read`.', { pattern: SCOPE_PATTERN }),
        { uniqueItems: true },
      ),
      stages: {
        title: 'Stages',
        description: 'The steps, in order.',
        type: 'array',
        minItems: 1,
        maxItems: MAX_STAGES,
        items: ref('stage'),
      },
      outputs: {
        title: 'Outputs',
        description: 'What the run gives back, by name. Usually expressions over `stages`.',
        type: 'object',
        maxProperties: 100,
        propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' },
      },
      onComplete: list('On complete', 'Actions after the run is done.', ref('endAction'), { maxItems: 20 }),
    },
    ['apiVersion', 'name', 'type', 'version', 'stages'],
  ),
  $defs: {
    ...SHARED_DEFINITIONS,
    duration: text('Duration', 'A whole number and a unit: `500ms`, `30s`, `5m`, `48h`, `7d`.', {
      pattern: DURATION_PATTERN,
    }),
    timeout: text('Timeout', 'Longest time of one attempt: `1s` to `5m`.', { pattern: DURATION_PATTERN }),
    defaults: closed('Defaults', 'What stages have that do not say otherwise.', {
      models: list('Models', 'Model aliases in order of preference.', ref('model'), {
        minItems: 1,
        maxItems: 10,
      }),
      retry: ref('retry'),
      timeout: ref('timeout'),
    }),
    retry: closed('Retry', 'How often and how fast a failed task is tried again.', {
      attempts: whole('Attempts', 'Tries in all, the first included.', [1, 10]),
      delay: text('Delay', 'Wait before the second try; doubles on each further one. Default `1s`.', {
        pattern: DURATION_PATTERN,
      }),
      maxDelay: text('Max delay', 'Longest wait. Default `60s`, at most `1h`.', {
        pattern: DURATION_PATTERN,
      }),
    }),
    budget: closed(
      'Budget',
      'What a run may cost.',
      {
        usd: {
          title: 'US dollars',
          description: 'More than 0.',
          type: 'number',
          exclusiveMinimum: 0,
          maximum: 1_000_000,
        },
        onExceed: {
          ...choice('On exceed', '`ask` pauses the run in the approval inbox, `fail` stops it.', [
            'ask',
            'fail',
          ]),
          default: 'ask',
        },
      },
      ['usd'],
    ),
    approval: needing(
      { onDeadline: 'deadline' },
      closed('Approval', 'The gate after the stage: approve, or request changes.', {
        approvers: list('Approvers', 'Who may decide. Empty: any member.', {
          type: 'string',
          description: '`role:<name>`, `user:<id>` or `codeowners`.',
          pattern: APPROVER_PATTERN,
        }),
        quorum: { ...whole('Quorum', 'Approvals needed.', [1, 20]), default: 1 },
        selfApproval: flag('Self-approval', 'Whether the person who started the run may approve.', true),
        deadline: text('Deadline', 'How long people have: up to `90d`.', { pattern: DURATION_PATTERN }),
        onDeadline: choice('On deadline', 'What happens when nobody decided in time. Default `escalate`.', [
          'escalate',
          'approve',
          'fail',
        ]),
        maxAttempts: { ...whole('Max attempts', 'Rounds in all, the first included.', [1, 50]), default: 5 },
      }),
    ),
    endAction: closed(
      'End action',
      'An action after the run is done.',
      {
        uses: choice('Action', 'What is done.', END_ACTIONS),
        if: {
          title: 'If',
          description: 'A CEL expression, bare or in `${{ }}`.',
          type: ['string', 'boolean'],
        },
        with: ref('with'),
      },
      ['uses'],
    ),
    ...stageDefinitions(),
  },
};
