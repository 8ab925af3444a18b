import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { coverageOf } from './coverage.ts';
import { FONT_ASSETS, FONT_FAMILIES } from './font-files.ts';
import { loadFonts } from './load-fonts.ts';
import { fontTables, renameFont } from './woff.ts';

const asset = (name: string) => new Uint8Array(readFileSync(FONT_ASSETS[name] ?? new URL('file:///none')));
const points = (text: string) => new Set([...text].map((char) => char.codePointAt(0) ?? 0));
const WOFF = FONT_FAMILIES[0]?.files[0]?.asset ?? '';
const TTF = FONT_FAMILIES.find(({ tier }) => tier === 'wide')?.files[0]?.asset ?? '';

describe('coverageOf', () => {
  it.each([
    [WOFF, 'Aé\u2014', 'Жא中'],
    [TTF, 'AЖאب\u2610', '中\u{12000}'],
  ])('knows what %s has', (name, has, lacks) => {
    const covers = coverageOf(asset(name));
    for (const code of points(has)) expect(covers(code)).toBe(true);
    for (const code of points(lacks)) expect(covers(code)).toBe(false);
  });
});

describe('renameFont', () => {
  it.each([WOFF, TTF])('gives %s our name, the same glyphs and true checksums', (name) => {
    const font = renameFont(asset(name), 'Stagewright Test', 'Bold');
    const { tables, flavor } = fontTables(font);
    const names = Buffer.from(tables.find(({ tag }) => tag === 'name')?.data ?? [])
      .swap16()
      .toString('utf16le');
    expect(flavor).toBe(0x00010000);
    expect(names).toContain('Stagewright Test Bold');
    expect(tables.map(({ tag }) => tag)).toEqual([...tables.map(({ tag }) => tag)].sort());
    expect(coverageOf(font)(0x41)).toBe(true);
    const before = fontTables(asset(name)).tables.find(({ tag }) => tag === 'cmap')?.data;
    expect(Buffer.from(tables.find(({ tag }) => tag === 'cmap')?.data ?? [])).toEqual(
      Buffer.from(before ?? []),
    );
    const view = new DataView(font.buffer);
    for (let index = 0; index < tables.length; index++) {
      const [sum, at, length] = [4, 8, 12].map((field) => view.getUint32(12 + index * 16 + field)) as [
        number,
        number,
        number,
      ];
      let expected = 0;
      for (let word = at; word < at + length; word += 4) expected = (expected + view.getUint32(word)) >>> 0;
      expect(sum).toBe(expected);
    }
  });
});

describe('loadFonts', () => {
  const load = async (text: string) => {
    const asked: string[] = [];
    const fonts = await loadFonts(points(text), (name) => {
      asked.push(name);
      return Promise.resolve(asset(name));
    });
    return { fonts, asked };
  };

  it('reads the fonts of other scripts only when a character needs them', async () => {
    expect((await load('plain')).asked.filter((name) => /sc-|emoji/.test(name))).toEqual([]);
    const han = await load('漢字 \u{1f600}');
    expect(han.asked.some((name) => name.includes('sc-'))).toBe(true);
    expect(han.fonts.covers(0x6f22)).toBe(true);
    expect(han.fonts.covers(0x1f600)).toBe(true);
    expect(han.fonts.covers(0x12000)).toBe(false);
  });

  it('names no family that a machine could know', async () => {
    const { fonts } = await load('a');
    for (const family of [...fonts.body, ...fonts.code]) expect(family).toMatch(/^Stagewright /);
  });
});
