import { templateSchema, testSchema } from '@stagewright/engine/template';

/** The files that make a folder a registry. */
export function registryFiles(name: string): Map<string, string> {
  return new Map([
    ['stagewright.yaml', manifest(name)],
    ['schema/template.v1.schema.json', `${JSON.stringify(templateSchema(), null, 2)}\n`],
    ['schema/test.v1.schema.json', `${JSON.stringify(testSchema(), null, 2)}\n`],
  ]);
}

function manifest(name: string): string {
  return `# Manifest of a Stagewright registry: what this repository is, and who may be asked about it.
apiVersion: stagewright/v1
kind: Registry
name: ${idOf(name)}
title: Templates
owners: []
`;
}

/** The name of a folder as an id: other characters become hyphens. */
function idOf(folder: string): string {
  const id = folder.toLowerCase().replaceAll(/[^a-z0-9_-]+/g, '-');
  return /^[a-z]/.test(id) ? id.slice(0, 64) : `registry-${id}`.slice(0, 64).replace(/-+$/, '');
}
