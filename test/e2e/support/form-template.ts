import type { Finding } from '@stagewright/engine';

/** What GET /registry says. */
export interface RegistryAnswer {
  commit: string;
  failure: string | null;
  templates: Array<{ name: string; version: string; commit: string; broken: boolean }>;
  findings: Finding[];
}

export const templatePath = (name: string): string => `templates/${name}/template.yaml`;

/** A template of one form and, from version 2 on, a second one. */
export function formTemplate(name: string, version: string): string {
  const form =
    '{type: object, required: [text], additionalProperties: false, properties: {text: {type: string}}}';
  return [
    'apiVersion: stagewright/v1',
    `name: ${name}`,
    'type: ebook',
    `version: ${version}`,
    'inputs: {type: object, additionalProperties: false, properties: {}}',
    'stages:',
    `  - {id: write, mode: manual, form: ${form}}`,
    ...(version.startsWith('2') ? [`  - {id: proofread, mode: manual, form: ${form}}`] : []),
    'outputs: {text: "${{ stages.write.output.text }}"}',
    '',
  ].join('\n');
}
