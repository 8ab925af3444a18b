import type { JsonSchema } from '../../vocabulary.ts';
import { choice, closed, ID_PATTERN, list, text } from './fragments.ts';

/** What becomes of a template or prompt that is sent over the API. */
export const WRITE_POLICIES = ['direct', 'branch', 'off'] as const;
export type WritePolicy = (typeof WRITE_POLICIES)[number];

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
    writes: {
      ...choice(
        'Writes over the API',
        '`direct`: a commit on the branch that is served. `branch`: a commit on a branch of its own, for a pull request. `off`: refused.',
        [...WRITE_POLICIES],
      ),
      default: 'direct',
    },
  },
  ['apiVersion', 'kind', 'name'],
);
