import type { ActionFacts } from './catalog.ts';

/** Starts a run of another template. */
export const START_WORKFLOW: ActionFacts = {
  id: 'workflow/start',
  description: 'Starts a run of another template. Repeating it under the same key starts nothing more.',
  input: {
    type: 'object',
    required: ['template'],
    additionalProperties: false,
    properties: {
      template: { type: 'string', minLength: 1, maxLength: 64, title: 'Template' },
      inputs: { type: 'object', default: {}, title: 'Inputs of the run' },
    },
  },
  output: { type: 'object', required: ['run'], properties: { run: { type: 'string' } } },
  scopes: ['runs:start'],
  idempotency: 'key',
};

/** Calls an action that is chosen while the run goes on: what it needs is only known, and checked, at the call. */
export const CALL_TOOL: ActionFacts = {
  id: 'tool/call',
  description: 'Calls another action by its id, with no more scopes than the caller holds.',
  input: {
    type: 'object',
    required: ['action'],
    additionalProperties: false,
    properties: {
      action: { type: 'string', pattern: '^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$', title: 'Action' },
      input: { type: 'object', default: {}, title: 'Its input' },
    },
  },
  output: {},
  scopes: [],
  idempotency: 'key',
};

/** The actions of the engine itself, which every template may name whatever plugins are installed. */
export const CORE_ACTIONS: readonly ActionFacts[] = [START_WORKFLOW, CALL_TOOL];
