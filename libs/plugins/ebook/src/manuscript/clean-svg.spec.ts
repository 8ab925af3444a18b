import { describe, expect, it } from '@jest/globals';
import { cleanSvg } from './clean-svg.ts';

const svg = (inner: string, attributes = 'viewBox="0 0 10 20"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inner}</svg>`;
const cleaned = (source: string): string => {
  const result = cleanSvg(source);
  return 'svg' in result ? result.svg : `refused: ${result.refused}`;
};

describe('cleanSvg', () => {
  it.each([
    ['scripts', '<script>alert(1)</script><path d="M0 0"/>', 'alert'],
    ['styles', '<style>@import url(https://x)</style>', 'import'],
    ['event attributes', '<rect onload="alert(1)" onclick="x"/>', 'onload'],
    [
      'HTML inside',
      '<foreignObject><b xmlns="http://www.w3.org/1999/xhtml">x</b></foreignObject>',
      'foreignObject',
    ],
    ['outside images', '<image href="https://example.org/x.png"/>', 'example.org'],
    [
      'outside references',
      '<use href="https://example.org/x#y"/><use xlink:href="file:///etc/passwd"/>',
      '(?:example|passwd)',
    ],
    [
      'addresses in paint',
      '<rect fill="url(https://example.org/x)" style="fill:url(//example.org)"/>',
      'example.org',
    ],
    ['links', '<a href="javascript:x"><text>t</text></a>', 'javascript'],
    ['animations', '<animate attributeName="href" values="javascript:x"/>', 'animate'],
  ])('leaves out %s', (_title, inner, gone) => {
    expect(cleaned(svg(inner))).toMatch(/^<\?xml/);
    expect(cleaned(svg(inner))).not.toMatch(new RegExp(gone));
  });

  it('keeps shapes, words and inner references', () => {
    const out = cleaned(
      svg(
        '<defs><linearGradient id="g"/></defs><rect fill="url(#g)" style="stroke: red; behavior: x"/><text>a &amp; b &lt;</text><use href="#g"/>',
      ),
    );
    for (const part of ['fill="url(#g)"', 'stroke="red"', 'a &amp; b &lt;', 'href="#g"'])
      expect(out).toContain(part);
    expect(out).not.toContain('behavior');
  });

  it.each([
    ['width="2cm" height="10mm"', { width: 76, height: 38 }],
    ['viewBox="0 0 10 20"', { width: 10, height: 20 }],
    ['viewBox="0 0 10 20" width="100%"', { width: 10, height: 20 }],
  ])('knows the size of %s', (attributes, size) => {
    expect(cleanSvg(svg('', attributes))).toMatchObject(size);
  });

  it.each([
    ['entities', `<!DOCTYPE svg [<!ENTITY a "x">]>${svg('&a;')}`, 'it declares entities'],
    ['broken XML', svg('<g x=1/>'), 'it is not well-formed XML'],
    ['another root', '<html xmlns="http://www.w3.org/1999/xhtml"/>', 'its root is not'],
    ['no namespace', '<svg viewBox="0 0 1 1"/>', 'its root is not'],
    ['no size', svg('', ''), 'it has neither'],
    ['an absurd size', svg('', 'width="60000" height="60000"'), 'it has neither'],
    ['depth without end', svg('<g>'.repeat(500) + '</g>'.repeat(500)), 'it is too complex'],
  ])('refuses %s', (_title, source, reason) => {
    expect(cleaned(source)).toContain(`refused: ${reason}`);
  });

  it('is its own fixed point: what is clean stays the same', () => {
    const once = cleaned(svg('<g id="a"><text x="1">é &amp; 你</text></g>'));
    expect(cleaned(once)).toBe(once);
  });
});
