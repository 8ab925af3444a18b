/*
 * docs/reference/settings.md says what can be set. When this fails, a setting, a default or a check was changed
 * without its row: change the row too.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { SETTING_NAMES, environmentSchema } from './environment.schema.ts';
import { SETTINGS_WITHOUT_EFFECT } from './settings-without-effect.ts';

const REFERENCE = join(import.meta.dirname, '../../../../docs/reference/settings.md');
const ROW = /^\| `([A-Z][A-Z0-9_]*)` \| (.+?) \| `(.+?)` \| (.+) \|$/gm;

interface Row {
  name: string;
  absent: string;
  example: string;
  meaning: string;
}
const rows: Row[] = [...readFileSync(REFERENCE, 'utf8').matchAll(ROW)].map(
  ([, name = '', absent = '', example = '', meaning = '']) => ({ name, absent, example, meaning }),
);

function shown(value: unknown): string {
  if (value === undefined) return '-';
  if (Array.isArray(value) && value.length === 0) return '(empty)';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

describe('the reference of settings', () => {
  it('has a row for every setting and for nothing else', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual([...SETTING_NAMES].sort());
  });

  it.each(rows)(
    'knows the default of $name, and has an example that is accepted',
    ({ name, absent, example }) => {
      const defaults: Record<string, unknown> = environmentSchema.parse({});
      expect(absent).toBe(shown(defaults[name]));
      expect(environmentSchema.safeParse({ [name]: example }).error?.issues ?? []).toEqual([]);
    },
  );

  it('says which settings do nothing yet, as the server does at its start', () => {
    const idle = rows.filter(({ meaning }) => meaning.includes('without effect in this release'));
    expect(idle.map(({ name }) => name).sort()).toEqual(Object.keys(SETTINGS_WITHOUT_EFFECT).sort());
  });
});
