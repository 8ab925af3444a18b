import { create } from 'xmlbuilder2';

/** An XML element as data; strings are text. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: Array<XmlElement | string>;
}

type Child = XmlElement | string | null | Child[];

/** `el('p', { class: 'x' }, 'text')`. Attributes that are undefined are left out, null children too. */
export function el(
  name: string,
  attributes: Record<string, string | undefined> = {},
  ...children: Child[]
): XmlElement {
  const kept = Object.entries(attributes).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { name, attributes: Object.fromEntries(kept), children: flat(children) };
}

function flat(children: Child[]): Array<XmlElement | string> {
  return children.flatMap((child) => (child === null ? [] : Array.isArray(child) ? flat(child) : [child]));
}

type Builder = ReturnType<typeof create>;

/** The bytes of a document. Everything is escaped by the library; nothing is ever joined as a string. */
export function serialize(root: XmlElement, doctype = false): Uint8Array {
  const document = create({ version: '1.0', encoding: 'UTF-8' });
  append(document, root);
  const text = document.end({ prettyPrint: false });
  const marked = doctype ? text.replace('?>', '?>\n<!DOCTYPE html>\n') : text.replace('?>', '?>\n');
  return new TextEncoder().encode(`${marked}\n`);
}

function append(parent: Builder, element: XmlElement): void {
  const made = parent.ele(
    element.name,
    Object.fromEntries(Object.entries(element.attributes).map(([name, value]) => [name, literal(value)])),
  );
  for (const child of element.children) {
    if (typeof child === 'string') made.txt(literal(child));
    else append(made, child);
  }
}

/** The library takes `&name;` in a text for an entity that it need not escape; as `&amp;name;` it stays the words it was. */
export function literal(text: string): string {
  return text.replaceAll('&', '&amp;');
}
