import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

import type { SettingProblem } from './config.errors.ts';
import { SETTING_NAMES } from './environment.schema.ts';
import type { Environment } from './settings.ts';

/** Families of names that are ours alone: an unknown one among them is a typing error, not another program's setting. */
const OWN_PREFIXES = ['STAGEWRIGHT_', 'AZURE_OPENAI_', 'CLI_LOOP_', 'EGRESS_', 'LOCAL_AI_'];
/** Known, but read by others: the token is for clients of a server. */
const NAMES_OF_CLIENTS = ['STAGEWRIGHT_TOKEN', 'STAGEWRIGHT_SERVER'];
/** How many single-letter edits still count as a mistyped name in `.env`. */
const NEAR = 2;

/** The process environment over the `.env` file of the folder: what is really set wins over what is written down. */
export function readEnvironment(cwd: string): { environment: Environment; file: Environment } {
  const path = join(cwd, '.env');
  const file: Environment = existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {};
  return { environment: { ...file, ...process.env }, file };
}

/** Names that look like settings of ours but are none. In `.env` also near misses of a real name. */
export function unknownNames(environment: Environment, file: Environment): SettingProblem[] {
  const known = new Set([...SETTING_NAMES, ...NAMES_OF_CLIENTS]);
  const strangers = Object.keys(environment).filter((name) => !known.has(name));
  return strangers.flatMap((name) => {
    const near = nearest(name);
    const ours = OWN_PREFIXES.some((prefix) => name.startsWith(prefix));
    if (!ours && !(near !== undefined && name in file)) return [];
    return [{ name, message: near === undefined ? 'is no setting' : `is no setting; did you mean ${near}?` }];
  });
}

function nearest(name: string): string | undefined {
  const ranked = SETTING_NAMES.map((known) => ({ known, edits: distance(name.toUpperCase(), known) }))
    .filter(({ known, edits }) => edits <= NEAR && known.length > NEAR * 2)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.known;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
