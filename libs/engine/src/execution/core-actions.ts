import { StagewrightError } from '../errors/stagewright-error.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { CALL_TOOL, START_WORKFLOW } from '../template/core-actions.ts';
import type { Action, Plugin } from '../plugin/define-plugin.ts';
import type { ActionContext } from '../ports/action-context.ts';
import type { Json, JsonObject } from '../vocabulary.ts';

/** What `tool/call` gets besides the rest: a way to another action, under the caller's own scopes. */
export interface CallingContext extends ActionContext {
  callAction?(action: string, input: JsonObject): Promise<Json>;
}

const VERSION = '1.0.0';

const startWorkflow: Action = {
  ...START_WORKFLOW,
  async run(input, context) {
    if (context.startRun === undefined) throw noWay(START_WORKFLOW.id, 'runs:start');
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
  ...CALL_TOOL,
  async run(input, context: CallingContext) {
    if (context.callAction === undefined) throw noWay(CALL_TOOL.id, 'a caller');
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
