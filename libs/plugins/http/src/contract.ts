import type { JsonSchema } from '@stagewright/engine/plugin';

const url: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 8192,
  title: 'URL',
  description: 'http:// or https://, to a host that the operator allows.',
};
const headers: JsonSchema = {
  type: 'object',
  title: 'Headers',
  maxProperties: 50,
  additionalProperties: { type: 'string', maxLength: 8192 },
};
const timeout: JsonSchema = {
  type: 'string',
  title: 'Longest wait',
  description: 'From 1ms to 30s.',
  pattern: '^([1-9]|[12][0-9]|30)s$|^[1-9][0-9]{0,3}ms$|^[12][0-9]{4}ms$|^30000ms$',
  default: '15s',
};
const expectStatus: JsonSchema = {
  type: 'array',
  title: 'Statuses that count as success',
  description: 'Default: 200 to 299.',
  minItems: 1,
  maxItems: 20,
  uniqueItems: true,
  items: { type: 'integer', minimum: 200, maximum: 599 },
};

/** Input of `http/get`. */
export const getInput: JsonSchema = {
  type: 'object',
  required: ['url'],
  additionalProperties: false,
  properties: { url, method: { enum: ['GET', 'HEAD'], default: 'GET' }, headers, timeout, expectStatus },
};

/** Input of `http/request`. */
export const requestInput: JsonSchema = {
  type: 'object',
  required: ['url'],
  additionalProperties: false,
  properties: {
    url,
    method: { enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'], default: 'POST' },
    headers,
    body: { title: 'Body', description: 'A text is sent as it is; any other value as JSON.' },
    timeout,
    expectStatus,
  },
};

/** What both actions give back. */
export const answerOutput: JsonSchema = {
  type: 'object',
  required: ['status', 'headers', 'body', 'bytes'],
  additionalProperties: false,
  properties: {
    status: { type: 'integer' },
    headers: { type: 'object', additionalProperties: { type: 'string' } },
    body: {
      description: 'The value of a JSON answer, the text of a text; null when it is neither, or empty.',
    },
    bytes: { type: 'integer', description: 'Size of the answer, unpacked.' },
  },
};
