import type { JsonSchema } from '../../vocabulary.ts';
import { closed, ID_PATTERN, list, text } from './fragments.ts';

/** The manifest of a registry, `stagewright.yaml`: what the repository is, and who may be asked about it. */
export const MANIFEST_SCHEMA: JsonSchema = closed(
  'Registry manifest',
  'What a registry is, and who may be asked about it.',
  {
    apiVersion: { title: 'Format', description: 'Always `stagewright/v1`.', const: 'stagewright/v1' },
    kind: { title: 'Kind', description: 'Always `Registry`.', const: 'Registry' },
    name: text('Name', 'Lower-case letters, digits, `-` and `_`, beginning with a letter.', {
      pattern: ID_PATTERN,
    }),
    title: text('Title', 'What people see.', { minLength: 1, maxLength: 100 }),
    description: text('Description', 'What its templates are for.', { maxLength: 2000 }),
    owners: list('Owners', 'Who looks after the registry.', { type: 'string', minLength: 1, maxLength: 100 }),
  },
  ['apiVersion', 'kind', 'name'],
);
