/**
 * docs/reference/versions.md has every rule of `diff`, with its class and reason, and no other. When one is missing: copy its row from
 * libs/engine/src/template/diff/rules.ts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { RULES } from '@stagewright/engine/template';
import { ROOT } from '../support/root.ts';

it('the reference of versions has the rules that changes are classed by', () => {
  const text = readFileSync(join(ROOT, 'docs/reference/versions.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (\w+) \| (.+) \|$/gm)].map(([, rule, bump, why]) => ({
    rule,
    bump,
    why,
  }));
  expect(rows).toEqual(Object.entries(RULES).map(([rule, { bump, why }]) => ({ rule, bump, why })));
});
