import type { Action, Plugin } from '@stagewright/engine/plugin';

/** Tells the receiver of the test, under the key of the call. Whether the receiver looks at the key is what each action says. */
const action = (id: string, idempotency: Action['idempotency']): Action => ({
  id,
  idempotency,
  description: 'Tells a receiver.',
  input: {
    type: 'object',
    required: ['to', 'text'],
    properties: { to: { type: 'string' }, text: { type: 'string' } },
  },
  output: { type: 'object', required: ['told'] },
  scopes: [],
  examples: [],
  run: async ({ to, text }, { idempotencyKey, signal }) => {
    const headers = { 'idempotency-key': idempotencyKey, 'content-type': 'application/json' };
    const answer = await fetch(to as string, {
      method: 'POST',
      headers,
      body: JSON.stringify({ text }),
      signal,
    });
    return { told: answer.ok };
  },
});

/** A plugin as no installation ships one: with an action that cannot be repeated. */
export const post: Plugin = {
  name: 'post',
  version: '1.0.0',
  title: 'Post',
  description: 'Tells a receiver.',
  actions: [action('post/once', 'none'), action('post/keyed', 'key')],
};
