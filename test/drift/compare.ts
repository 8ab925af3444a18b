/** Prints a line for each generated file that differs from what the code would write now. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../support/root.ts';
import { GENERATED_FILES } from './generated-files.ts';

for (const { path, text } of GENERATED_FILES) {
  const committed = await readFile(join(ROOT, path), 'utf8').catch(() => '');
  if (committed !== (await text())) process.stdout.write(`${path} has drifted: run "npm run generate"\n`);
}
