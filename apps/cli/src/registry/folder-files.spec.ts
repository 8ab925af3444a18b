import { mkdtempSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openRegistryFolder } from './folder-files.ts';

function makeRegistry(): string {
  const root = mkdtempSync(join(tmpdir(), 'registry-'));
  mkdirSync(join(root, 'templates/tea/prompts'), { recursive: true });
  writeFileSync(join(root, 'stagewright.yaml'), 'apiVersion: stagewright/v1\n');
  writeFileSync(join(root, 'templates/tea/template.yaml'), 'name: tea\n');
  writeFileSync(join(root, 'templates/tea/prompts/a.hbs'), 'a');
  return root;
}

describe('a registry in a folder', () => {
  it('is found from any place inside it, and knows the template one stands in', () => {
    const root = makeRegistry();
    expect(openRegistryFolder(root)).toMatchObject({ root, template: null });
    expect(openRegistryFolder(join(root, 'templates'))).toMatchObject({ root, template: null });
    expect(openRegistryFolder(join(root, 'templates/tea/prompts'))).toMatchObject({ root, template: 'tea' });
    expect(openRegistryFolder(join(root, 'templates/tea/template.yaml'))).toMatchObject({
      root,
      template: 'tea',
    });
  });

  it('gives its files by registry path and does not follow links', () => {
    const root = makeRegistry();
    symlinkSync('/etc/passwd', join(root, 'templates/tea/passwd'));
    symlinkSync('/etc', join(root, 'templates/etc'));
    const { files } = openRegistryFolder(root);
    expect(files.list('')).toEqual([
      'stagewright.yaml',
      'templates/tea/prompts/a.hbs',
      'templates/tea/template.yaml',
    ]);
    expect(Buffer.from(files.read('templates/tea/prompts/a.hbs') ?? []).toString()).toBe('a');
  });

  it.each(['nowhere', '.'])('%s is refused when there is none', (path) => {
    const empty = mkdtempSync(join(tmpdir(), 'empty-'));
    expect(() => openRegistryFolder(join(empty, path))).toThrow(
      expect.objectContaining({ code: 'CLI_NO_REGISTRY' }),
    );
  });
});
