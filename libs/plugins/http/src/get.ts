import type { Action } from '@stagewright/engine/plugin';
import { answerOutput, getInput } from './contract.ts';
import { getExamples } from './examples.ts';
import { exchange } from './exchange.ts';

/** `http/get`: reads from a service. GET and HEAD only, so that the scope `http:read` is worth its name. */
export const get: Action = {
  id: 'http/get',
  description: 'Reads from a service over HTTP (GET or HEAD).',
  input: getInput,
  output: answerOutput,
  scopes: ['http:read'],
  idempotency: 'natural',
  run: exchange,
  examples: getExamples,
};
