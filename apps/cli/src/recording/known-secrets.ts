import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Terminal } from '../terminal.ts';

const SECRET_SETTING = /(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i;

/** Secrets of whoever records: of the environment, of `.env`, in addresses of either, and the token in the data directory. */
export function knownSecrets(terminal: Pick<Terminal, 'env' | 'cwd'>): string[] {
  const settings = { ...parseEnv(textOf(resolve(terminal.cwd, '.env'))), ...terminal.env };
  const found = Object.entries(settings).flatMap(([name, value]) => {
    if (value === undefined || value === '') return [];
    return SECRET_SETTING.test(name) ? [value] : passwordIn(value);
  });
  const token = textOf(resolve(terminal.cwd, settings['DATA_DIR'] ?? '.stagewright', 'token')).trim();
  return token === '' ? found : [...found, token];
}

function passwordIn(value: string): string[] {
  if (!value.includes('://') || !URL.canParse(value)) return [];
  const { password } = new URL(value);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}

/** Empty when it cannot be read: a file of settings need not be there. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
