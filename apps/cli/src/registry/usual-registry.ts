import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The folder that was named, else `registry` here, else where one stands. */
export function usualRegistry(cwd: string, named?: string): string {
  if (named !== undefined) return resolve(cwd, named);
  const usual = resolve(cwd, 'registry');
  return existsSync(usual) ? usual : cwd;
}
