import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { fileFault, resolveCommands } from './allowed-commands.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'allowed-')));
  writeFileSync(at('lint'), '#!/bin/true\n', { mode: 0o755 });
  writeFileSync(at('plain'), 'text', { mode: 0o644 });
  writeFileSync(at('open'), '#!/bin/true\n');
  chmodSync(at('open'), 0o777);
  mkdirSync(at('shared'));
  chmodSync(at('shared'), 0o777);
  writeFileSync(at('shared/lint'), '#!/bin/true\n', { mode: 0o755 });
  symlinkSync(at('lint'), at('link'));
  symlinkSync('/bin/sh', at('tool'));
  symlinkSync(at('lint'), at('npx'));
  symlinkSync(at('nowhere'), at('dangling'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const setting = (path: string, subcommands: string[] | null = null) => ({
  name: 'lint',
  path,
  subcommands,
  network: false,
});

describe('a command that the operator allows', () => {
  it('is the file that its path leads to at the start', () => {
    expect(resolveCommands([setting(at('lint'))])).toEqual([
      { name: 'lint', file: at('lint'), subcommands: null, network: false },
    ]);
    expect(resolveCommands([setting(at('link'))])[0]?.file).toBe(at('lint'));
    expect(resolveCommands([setting(at('npx'), ['--version'])])[0]?.subcommands).toEqual(['--version']);
  });

  it.each<[string, string, RegExp]>([
    ['is not there', 'nowhere', /is not there/],
    ['leads nowhere', 'dangling', /is not there/],
    ['is a folder', 'shared', /is no file/],
    ['may not be run', 'plain', /cannot be run/],
    ['anybody can write', 'open', /everybody can replace/],
    ['is in a folder that anybody can write', 'shared/lint', /everybody can replace/],
    ['C03: is a shell behind a link', 'tool', /runs any other program/],
    ['C06: fetches code, without sub-commands', 'npx', /list its sub-commands/],
  ])('is refused at the start when it %s', (_what, name, message) => {
    expect(() => resolveCommands([setting(at(name))])).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) }),
    );
  });

  it('is refused together with all others that are wrong', () => {
    const bad = [
      { ...setting(at('plain')), name: 'one' },
      { ...setting(at('open')), name: 'two' },
    ];
    expect(() => resolveCommands(bad)).toThrow(/"one"[^]*"two"/);
  });

  it('is looked at again before each run', () => {
    const path = at('later');
    writeFileSync(path, '#!/bin/true\n', { mode: 0o755 });
    expect(fileFault(path)).toBeNull();
    chmodSync(path, 0o666);
    expect(fileFault(path)).not.toBeNull();
    rmSync(path);
    expect(fileFault(path)).toMatch(/cannot be run/);
  });
});
