import type { Action } from '@stagewright/engine/plugin';
import { answerOutput, requestInput } from './contract.ts';
import { requestExamples } from './examples.ts';
import { exchange } from './exchange.ts';

/** `http/request`: calls a service with any method, under an idempotency key that stays the same over retries. */
export const request: Action = {
  id: 'http/request',
  description: 'Sends a request to a service over HTTP; repeating it sends the same Idempotency-Key.',
  input: requestInput,
  output: answerOutput,
  scopes: ['http:write'],
  idempotency: 'key',
  run: exchange,
  examples: requestExamples,
};
