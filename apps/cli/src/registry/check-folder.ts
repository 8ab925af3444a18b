import { checkRegistry } from '@stagewright/engine/template';
import type { Finding } from '@stagewright/engine';
import { unknownTemplate } from '../cli.errors.ts';
import { PLUGIN_CATALOG } from '../plugins.ts';
import { openRegistryFolder } from './folder-files.ts';

/** What is wrong in the registry that holds `path`, or in the one template that it points at. Throws `CLI_NO_REGISTRY`. */
export function checkFolder(path: string): { root: string; checked: string[]; findings: Finding[] } {
  const folder = openRegistryFolder(path);
  const result = checkRegistry(folder.files, PLUGIN_CATALOG);
  const names = result.templates.map(({ name }) => name);
  const { root } = folder;
  if (folder.template === null) return { root, checked: names, findings: result.findings };
  const template = result.templates.find(({ name }) => name === folder.template);
  if (template === undefined) throw unknownTemplate(folder.template, names);
  return { root, checked: [template.name], findings: [...template.findings, ...template.testFindings] };
}
