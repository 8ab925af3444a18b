import type { JsonSchema } from '@stagewright/engine/plugin';

const text: JsonSchema = { type: 'string' };
const artifact: JsonSchema = {
  type: 'object',
  required: ['artifact', 'name', 'type', 'mediaType', 'size', 'digest'],
  properties: {
    artifact: text,
    name: text,
    type: text,
    mediaType: text,
    size: { type: 'integer' },
    digest: text,
  },
};

export const packInput: JsonSchema = {
  type: 'object',
  required: ['files'],
  additionalProperties: false,
  properties: {
    files: {
      type: 'array',
      minItems: 1,
      maxItems: 1_000,
      description: 'The files of the site, such as `output.files` of a `cli_loop` stage.',
      items: {
        type: 'object',
        required: ['path', 'artifact'],
        properties: {
          path: { type: 'string', description: 'Where it lies in the site: `index.html`.' },
          artifact: { type: 'string', description: 'Id of the artifact that holds it.' },
        },
      },
    },
    name: {
      type: 'string',
      default: 'website',
      pattern: '^[a-z0-9][a-z0-9-]{0,63}$',
      description: 'Name of the zip, without its ending.',
    },
  },
};

export const packOutput: JsonSchema = {
  type: 'object',
  required: ['site', 'files', 'pages', 'placeholder'],
  properties: {
    site: artifact,
    files: { type: 'integer' },
    pages: { type: 'integer' },
    placeholder: { type: 'boolean' },
  },
};
