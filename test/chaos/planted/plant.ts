import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';

import { ROOT } from '../../support/root.ts';

/** Bugs that a storm has to find. Loaded into a process before the product (`node --import`), which is left as it is on the disk. */
export interface Planting {
  /** End of the module's path below the project: `apps/server/dist/runs/engine-host.js`. */
  file: string;
  /** Pieces of its text, each there exactly once, and what stands in their place. */
  replace: ReadonlyArray<readonly [string, string]>;
}

/** What a process prints for each module that was changed: a bug that was never loaded proves nothing. */
export const PLANTED = 'A bug was planted into';

/** Throws when the module's text is not the one that the bug was made for. */
export function plant({ file, replace }: Planting): void {
  const text = readFileSync(join(ROOT, file), 'utf8');
  for (const [from] of replace)
    if (text.split(from).length !== 2) throw new Error(`${file} does not hold once: ${from}`);
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      if (!url.endsWith(`/${file}`)) return loaded;
      let source = Buffer.from(loaded.source as Uint8Array).toString();
      for (const [from, to] of replace) source = source.replace(from, () => to);
      process.stderr.write(`${PLANTED} ${file}\n`);
      return { ...loaded, source };
    },
  });
}
