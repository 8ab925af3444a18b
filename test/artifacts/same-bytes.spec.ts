/** The same book is the same bytes: in every time zone, whatever fonts the machine has, from source and as it ships. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = new URL('../../', import.meta.url).pathname;
const script = new URL('./digest-of-book.ts', import.meta.url).pathname;

function digests(from: 'source' | 'dist', env: Record<string, string>): string {
  const conditions = from === 'source' ? ['-C', 'stagewright-source'] : [];
  return execFileSync(process.execPath, [...conditions, script, join(root, 'docs/handbook')], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
}

/** A home whose fonts answer to a name in the drawing, and have the letter that ours lack. */
function homeWithFonts(): string {
  const home = mkdtempSync(join(tmpdir(), 'stagewright-home-'));
  const ttf = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
  for (const folder of ['.fonts', '.local/share/fonts', 'Library/Fonts']) {
    mkdirSync(join(home, folder), { recursive: true });
    writeFileSync(join(home, folder, 'DejaVuSans.ttf'), withLetter(readFileSync(ttf), 0x20bb7));
  }
  return home;
}

/** The font with its last group of characters (format 12) moved to one of our choice. */
function withLetter(font: Buffer, letter: number): Buffer {
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, index) => 12 + index * 16);
  const entry = tables.find((at) => font.toString('latin1', at, at + 4) === 'cmap') ?? 0;
  const cmap = font.readUInt32BE(entry + 8);
  for (let index = 0; index < font.readUInt16BE(cmap + 2); index++) {
    const at = cmap + font.readUInt32BE(cmap + 8 + index * 8);
    if (font.readUInt16BE(at) !== 12) continue;
    const last = at + 16 + (font.readUInt32BE(at + 12) - 1) * 12;
    font.writeUInt32BE(letter, last);
    font.writeUInt32BE(letter, last + 4);
  }
  return font;
}

describe('the same manuscript', () => {
  it('has the same bytes in every time zone and beside any fonts', () => {
    const empty = mkdtempSync(join(tmpdir(), 'stagewright-home-'));
    const found = [
      digests('source', { TZ: 'UTC', HOME: empty }),
      digests('source', { TZ: 'Asia/Tokyo', HOME: homeWithFonts(), LANG: 'ja_JP.UTF-8' }),
    ];
    expect(found[0]).toMatch(/^[0-9a-f]{64} [0-9a-f]{64}\n$/);
    expect(found[1]).toBe(found[0]);
  }, 60_000);

  it('has the same bytes in every time zone as it ships', () => {
    expect(existsSync(join(root, 'libs/plugins/ebook/dist/index.js')) || 'run `npm run build` first').toBe(
      true,
    );
    const found = ['UTC', 'Asia/Tokyo'].map((zone) => digests('dist', { TZ: zone }));
    expect(found[0]).toMatch(/^[0-9a-f]{64} [0-9a-f]{64}\n$/);
    expect(found[1]).toBe(found[0]);
  }, 60_000);
});
