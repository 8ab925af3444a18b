import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { CommandSetting } from '../../config/index.ts';

/** Small programs of a test, as files that an operator could allow. */
export interface CommandShelf {
  readonly folder: string;
  /** Writes a program in JavaScript that runs on this Node. */
  script(name: string, body: string): string;
  /** Writes a program for the shell. */
  shell(name: string, body: string): string;
  remove(): void;
}

export function makeShelf(): CommandShelf {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'command-shelf-')));
  // Commands may run as another user, who must get here.
  chmodSync(folder, 0o755);
  const put = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o755 });
    return path;
  };
  return {
    folder,
    script: (name, body) => put(name, `#!${process.execPath}\n${body}\n`),
    shell: (name, body) => put(name, `#!/bin/sh\n${body}\n`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function allowed(name: string, path: string, subcommands: string[] | null = null): CommandSetting {
  return { name, path, subcommands, network: false };
}
