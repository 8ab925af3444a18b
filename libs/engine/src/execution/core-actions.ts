import { StagewrightError } from '../errors/stagewright-error.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import type { Action, Plugin } from '../plugin/define-plugin.ts';
import type { ActionContext } from '../ports/action-context.ts';
import type { Json, JsonObject } from '../vocabulary.ts';

/** What `tool/call` gets besides the rest: a way to another action, under the caller's own scopes. */
export interface CallingContext extends ActionContext {
  callAction?(action: string, input: JsonObject): Promise<Json>;
}

const VERSION = '1.0.0';

const startWorkflow: Action = {
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
  async run(input, context) {
    if (context.startRun === undefined) throw noWay('workflow/start', 'runs:start');
    const { id } = await context.startRun(input['template'] as string, (input['inputs'] ?? {}) as JsonObject);
    return { run: id };
  },
  examples: [
    {
      title: 'A book starts the run that announces it',
      with: { template: 'announcement', inputs: { title: 'Bees by the Back Door' } },
      expect: { output: {} },
    },
  ],
};

const callTool: Action = {
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
  async run(input, context: CallingContext) {
    if (context.callAction === undefined) throw noWay('tool/call', 'a caller');
    return await context.callAction(input['action'] as string, (input['input'] ?? {}) as JsonObject);
  },
  examples: [
    {
      title: 'The action is chosen by an input of the run',
      with: { action: 'workflow/start', input: { template: 'announcement' } },
      expect: { output: {} },
    },
  ],
};

/** The actions that come with the engine itself: `workflow/start` and `tool/call`. */
export const corePlugins: Plugin[] = [
  definePlugin({
    name: 'workflow',
    version: VERSION,
    title: 'Workflows',
    description: 'What a run can do with other runs.',
    actions: [startWorkflow],
  }),
  definePlugin({
    name: 'tool',
    version: VERSION,
    title: 'Tools',
    description: 'Calls of actions that are chosen while the run goes on.',
    actions: [callTool],
  }),
];

function noWay(action: string, what: string): StagewrightError {
  return new StagewrightError('PERMISSION_MISSING', `${action} was called without ${what}.`);
}
