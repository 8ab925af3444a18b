/** Keeps the example of the README true. When this fails, mend the example: readers copy it. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { SourceTextModule, SyntheticModule } from 'node:vm';
import { expect, it } from '@jest/globals';
import * as root from './index.ts';
import * as isolation from './isolation/index.ts';
import * as testing from './testing/index.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const ENTRIES: Record<string, object> = {
  '@stagewright/engine': root,
  '@stagewright/engine/isolation': isolation,
  '@stagewright/engine/testing': testing,
};

it('the example of the README runs as it stands there', async () => {
  const example = /```ts\n([\s\S]*?)```/.exec(README)?.[1] ?? '';
  const module = new SourceTextModule(stripTypeScriptTypes(example));
  await module.link((specifier) => moduleOf(ENTRIES[specifier] ?? {}));
  await module.evaluate();
  const { writeOnce } = module.namespace as { writeOnce: () => Promise<string> };
  expect(await writeOnce()).toBe('done: Leaves in hot water.');
});

function moduleOf(entry: object): SyntheticModule {
  const names = Object.keys(entry);
  return new SyntheticModule(names, function (this: SyntheticModule) {
    for (const name of names) this.setExport(name, (entry as Record<string, unknown>)[name]);
  });
}
