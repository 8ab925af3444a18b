import { create } from 'xmlbuilder2';

const ELEMENTS = new Set(
  (
    'svg g path rect circle ellipse line polyline polygon text tspan defs linearGradient radialGradient stop clipPath mask pattern ' +
    'use symbol marker title desc'
  ).split(' '),
);
const ATTRIBUTES = new Set(
  (
    'id d x y x1 y1 x2 y2 cx cy r rx ry dx dy fx fy width height viewBox preserveAspectRatio points transform fill fill-opacity ' +
    'fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset ' +
    'opacity color stop-color stop-opacity offset gradientUnits gradientTransform spreadMethod clip-path clip-rule mask maskUnits ' +
    'maskContentUnits clipPathUnits patternUnits patternTransform patternContentUnits marker-start marker-mid marker-end markerWidth ' +
    'markerHeight markerUnits refX refY orient font-family font-size font-weight font-style text-anchor dominant-baseline ' +
    'alignment-baseline letter-spacing word-spacing text-decoration visibility display href xlink:href'
  ).split(' '),
);
const STYLED = new Set(
  [...ATTRIBUTES].filter(
    (name) => /^[a-z-]+$/.test(name) && !['id', 'd', 'href', 'x', 'y', 'r'].includes(name),
  ),
);
const MAX_DEPTH = 64;
const MAX_ELEMENTS = 50_000;

interface XmlNode {
  nodeType: number;
  nodeName: string;
  localName?: string;
  namespaceURI?: string | null;
  textContent?: string | null;
  attributes?: Iterable<{ name: string; value: string }>;
  childNodes: Iterable<XmlNode>;
}
const SVG = 'http://www.w3.org/2000/svg';

export type CleanedSvg =
  { svg: string; width: number; height: number; removed: string[] } | { refused: string };

/** A drawing rebuilt from an allow-list: shapes, text and gradients. No scripts, styles, links, events or outside references. */
export function cleanSvg(source: string): CleanedSvg {
  if (/<!ENTITY|<!DOCTYPE[^>]*\[/i.test(source)) return { refused: 'it declares entities' };
  let root: XmlNode;
  try {
    const text = source
      .replace(/^\ufeff/, '')
      .replace(/<!DOCTYPE[^>]*>/i, '')
      .replace(/<\?(?!xml )[\s\S]*?\?>/g, '')
      .trim();
    root = create(text).root().node;
  } catch {
    return { refused: 'it is not well-formed XML' };
  }
  if (root.localName !== 'svg' || root.namespaceURI !== SVG)
    return { refused: 'its root is not an svg element of the SVG namespace' };
  const size = sizeOf(new Map([...(root.attributes ?? [])].map(({ name, value }) => [name, value])));
  if (size === null) return { refused: 'it has neither a viewBox nor a width and height' };
  const state = { removed: new Set<string>(), ids: new Set<string>(), count: 0 };
  const out = create({ version: '1.0', encoding: 'UTF-8' });
  try {
    copy(root, out, state, 0);
  } catch (error) {
    if (error instanceof TooComplex) return { refused: 'it is too complex' };
    throw error;
  }
  out.root().att('viewBox', size.viewBox).att('width', String(size.width)).att('height', String(size.height));
  return { svg: out.end(), width: size.width, height: size.height, removed: [...state.removed] };
}

interface XmlBuilder {
  ele(namespace: string, name: string): XmlBuilder;
  att(name: string, value: string): XmlBuilder;
  txt(text: string): XmlBuilder;
}
class TooComplex extends Error {}

interface CopyState {
  removed: Set<string>;
  ids: Set<string>;
  count: number;
}

function copy(node: XmlNode, parent: XmlBuilder, state: CopyState, depth: number): void {
  if (depth > MAX_DEPTH || ++state.count > MAX_ELEMENTS) throw new TooComplex();
  const name = node.localName ?? '';
  const made = parent.ele(SVG, name);
  for (const attribute of node.attributes ?? []) setAttribute(made, attribute, state);
  for (const child of node.childNodes) {
    if (child.nodeType === 3 || child.nodeType === 4)
      made.txt((child.textContent ?? '').replaceAll('&', '&amp;'));
    else if (child.nodeType === 1) {
      if (child.namespaceURI === SVG && ELEMENTS.has(child.localName ?? ''))
        copy(child, made, state, depth + 1);
      else if (child.namespaceURI === SVG) state.removed.add(`<${child.localName ?? child.nodeName}>`);
    }
  }
}

function setAttribute(
  made: XmlBuilder,
  { name, value }: { name: string; value: string },
  state: CopyState,
): void {
  if (name === 'style') {
    for (const declaration of value.split(';')) {
      const [property = '', ...rest] = declaration.split(':');
      if (STYLED.has(property.trim()))
        setAttribute(made, { name: property.trim(), value: rest.join(':').trim() }, state);
    }
    return;
  }
  if (!ATTRIBUTES.has(name)) {
    if (/^on/i.test(name)) state.removed.add(`the attribute ${name}`);
    return;
  }
  if (name === 'href' || name === 'xlink:href') {
    if (/^#[\w.-]+$/.test(value)) made.att('href', value);
    else state.removed.add('an outside reference');
    return;
  }
  if (name === 'id') {
    if (!/^[A-Za-z_][\w.-]*$/.test(value) || state.ids.has(value)) return;
    state.ids.add(value);
  }
  if (/url\s*\(/i.test(value) && !/^url\(\s*["']?#[\w.-]+["']?\s*\)$/.test(value)) {
    state.removed.add('an outside reference');
    return;
  }
  made.att(name, value.replaceAll('&', '&amp;'));
}

function sizeOf(attributes: Map<string, string>): { viewBox: string; width: number; height: number } | null {
  const box = (attributes.get('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [, , boxWidth = NaN, boxHeight = NaN] = box.length === 4 && box.every(Number.isFinite) ? box : [];
  const width = pixels(attributes.get('width')) ?? boxWidth;
  const height = pixels(attributes.get('height')) ?? boxHeight;
  if (!(width > 0 && height > 0 && width <= 20_000 && height <= 20_000)) return null;
  const viewBox = boxWidth > 0 && boxHeight > 0 ? box.join(' ') : `0 0 ${width} ${height}`;
  return { viewBox, width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
}

const UNITS: Record<string, number> = {
  '': 1,
  px: 1,
  pt: 4 / 3,
  pc: 16,
  mm: 96 / 25.4,
  cm: 96 / 2.54,
  in: 96,
};

function pixels(length: string | undefined): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)(px|pt|pc|mm|cm|in)?\s*$/.exec(length ?? '');
  const unit = UNITS[match?.[2] ?? ''];
  return match?.[1] === undefined || unit === undefined ? null : Number(match[1]) * unit;
}
