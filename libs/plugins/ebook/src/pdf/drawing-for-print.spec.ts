import { describe, expect, it } from '@jest/globals';
import { drawingForPrint } from './drawing-for-print.ts';
import { Printable } from './printable.ts';

const ASCII = { family: 'Ours One', covers: (code: number) => code < 0x7f };
const HAN = {
  family: 'Ours Two',
  covers: (code: number) => code === 0x20 || (code >= 0x4e00 && code < 0xa000),
};
const draw = (inner: string) => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" font-family="Arial">${inner}</svg>`;
  const printable = new Printable((code) => ASCII.covers(code) || HAN.covers(code));
  return Buffer.from(drawingForPrint(Buffer.from(svg), [ASCII, HAN], printable)).toString();
};

describe('drawingForPrint', () => {
  it('names a family of ours for every run of letters, and no other', () => {
    const out = draw('<text font-family="Helvetica">ab 漢字 c<tspan font-family="x">d</tspan></text>');
    expect(out.match(/font-family="[^"]*"/g)?.every((name) => /"Ours (?:One|Two)"/.test(name))).toBe(true);
    expect(out).toContain(
      '<tspan font-family="Ours One">ab </tspan><tspan font-family="Ours Two">漢字 </tspan><tspan font-family="Ours One">c</tspan>',
    );
  });

  it('spells out what no font has, so that no font of the machine is asked', () => {
    expect(draw('<text>a\u{12000}</text>')).toContain('a[U+12000]');
  });

  it('leaves words alone that are not drawn, and escapes those that are', () => {
    const out = draw('<title>漢 &lt;</title><text>1 &lt; 2 &amp; 3</text>');
    expect(out).toContain('<title>漢 &lt;</title>');
    expect(out).toContain('1 &lt; 2 &amp; 3');
  });
});
