import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { templateSchema, testSchema } from '@stagewright/engine/template';
import { openApiText } from '@stagewright/server';
import openapiTS, { astToString } from 'openapi-typescript';
import { ROOT } from '../support/root.ts';
import { cliReference } from './cli-reference.ts';
import { demoPicture } from './demo-picture.ts';
import { templateReference } from './template-reference.ts';

/** A file that is made from code and committed, so that people and editors can read it without building anything. */
export interface GeneratedFile {
  /** Path from the project's root. */
  path: string;
  text(): Promise<string>;
}

const HEADER = '// Generated from docs/reference/openapi.json by "npm run generate". Do not edit.\n';

export const GENERATED_FILES: GeneratedFile[] = [
  {
    path: 'registry/schema/template.v1.schema.json',
    text: () => Promise.resolve(`${JSON.stringify(templateSchema(), null, 2)}\n`),
  },
  {
    path: 'registry/schema/test.v1.schema.json',
    text: () => Promise.resolve(`${JSON.stringify(testSchema(), null, 2)}\n`),
  },
  { path: 'docs/reference/openapi.json', text: openApi },
  { path: 'docs/reference/cli.md', text: () => Promise.resolve(cliReference()) },
  { path: 'docs/reference/template.md', text: templateReference },
  { path: 'docs/images/demo.svg', text: demoPicture },
  {
    path: 'libs/client/src/generated/openapi.ts',
    text: async () =>
      HEADER +
      astToString(await openapiTS(await readFile(join(ROOT, 'docs/reference/openapi.json'), 'utf8'))),
  },
];

async function openApi(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stagewright-openapi-'));
  try {
    return await openApiText(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
