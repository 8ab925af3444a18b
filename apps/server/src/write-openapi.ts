import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openApiText } from './http/openapi-text.ts';

/** Writes `docs/reference/openapi.json`, or the file that is named: the document that the client is generated from. */
const target = process.argv[2] ?? join(import.meta.dirname, '../../../docs/reference/openapi.json');
const folder = await mkdtemp(join(tmpdir(), 'stagewright-openapi-'));
try {
  await writeFile(target, await openApiText(folder));
} finally {
  await rm(folder, { recursive: true, force: true });
}
