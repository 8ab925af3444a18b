import type { Fault } from './report.ts';

/** What can be wrong with a file before its meaning is looked at. */
export const sourceFaults = {
  tooLarge: (bytes: number, limit: number): Fault => ({
    code: 'TEMPLATE_TOO_LARGE',
    message: `The file has ${bytes} bytes; at most ${limit} are allowed.`,
    hint: 'Move prompts and schemas to files of their own.',
  }),
  encoding: (): Fault => ({
    code: 'TEMPLATE_ENCODING',
    message: 'The file is not UTF-8 without a byte order mark.',
    hint: 'Save it as UTF-8.',
  }),
  control: (character: string): Fault => ({
    code: 'TEMPLATE_ENCODING',
    message: `The file has the control character U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}.`,
    hint: 'Remove it, or write it as an escape in a quoted text.',
  }),
  empty: (): Fault => ({
    code: 'TEMPLATE_SCHEMA',
    message: 'The file is empty.',
    hint: 'Begin with "apiVersion: stagewright/v1".',
  }),
  syntax: (message: string): Fault => ({
    code: 'TEMPLATE_YAML_INVALID',
    message: `This is not valid YAML: ${message.replace(/[.]?$/, '.')}`,
  }),
  directive: (): Fault => ({
    code: 'TEMPLATE_YAML_INVALID',
    message: 'YAML directives are not allowed.',
    hint: 'Remove the line that begins with %.',
  }),
  secondDocument: (): Fault => ({
    code: 'TEMPLATE_YAML_INVALID',
    message: 'A second document begins here; a file holds one.',
    hint: 'Remove the "---", or move what follows to a file of its own.',
  }),
  duplicate: (key: string, line: number, earlier: number): Fault => ({
    code: 'TEMPLATE_YAML_INVALID',
    message: `The key "${key}" on line ${line} is already on line ${earlier}.`,
    hint: 'Keep one of them.',
  }),
  alias: (name: string): Fault => ({
    code: 'TEMPLATE_YAML_ALIAS',
    message: `Anchors, aliases and merge keys are not allowed: "${name}".`,
    hint: 'Write the value out, or share it as a file.',
  }),
  tag: (tag: string): Fault => ({
    code: 'TEMPLATE_YAML_TAG',
    message: `YAML tags are not allowed: "${tag}".`,
    hint: 'Remove the tag.',
  }),
  key: (): Fault => ({
    code: 'TEMPLATE_YAML_INVALID',
    message: 'A key must be a text.',
    hint: 'Quote the key.',
  }),
  forbiddenKey: (key: string): Fault => ({
    code: 'TEMPLATE_KEY_FORBIDDEN',
    message: `The key "${key}" is not allowed.`,
    hint: 'Choose another name.',
  }),
  tooDeep: (limit: number): Fault => ({
    code: 'TEMPLATE_TOO_DEEP',
    message: `Lists and mappings are nested more than ${limit} deep.`,
    hint: 'Flatten the file.',
  }),
  number: (text: string): Fault => ({
    code: 'TEMPLATE_SCHEMA',
    message: `"${text.slice(0, 40)}" is not a finite number.`,
    hint: 'Write a number, or quote it as a text.',
  }),
};
