import { Composer, CST, isAlias, isMap, isScalar, isSeq, Lexer, Parser } from 'yaml';
import type { Document, Pair, ParsedNode, YAMLMap } from 'yaml';
import type { Json } from '../../vocabulary.ts';
import type { Report } from './report.ts';
import { SourceFile } from './source-file.ts';
import type { ListNode, MapEntry, MapNode, Place, ScalarNode, SourceNode } from './source-node.ts';
import { sourceFaults } from './source.errors.ts';

/** Bytes of one file. */
export const MAX_BYTES = 262_144;
/** Mappings and lists inside one another: a contract may be 20 schemas deep, each two of these, and stand in the form of a stage. */
export const MAX_DEPTH = 48;
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads a YAML or JSON file into nodes that know their places. What could hide something from a reviewer or blow up when
 * read is refused: aliases, tags, merge keys, duplicate keys, a second document. Null when there is nothing to go on with.
 */
export function readSource(path: string, bytes: Uint8Array, report: Report): SourceNode | null {
  const source = decode(path, bytes, report);
  if (source === null) return null;
  const document = parse(source, report);
  if (document === null) return null;
  const failures = [...document.errors, ...document.warnings].filter(
    ({ code }) => code !== 'TAG_RESOLVE_FAILED',
  );
  for (const { message, pos } of failures) {
    if (report.isFull) break;
    report.error({ source, start: pos[0], end: pos[1] }, sourceFaults.syntax(message));
  }
  if (document.contents === null) {
    if (failures.length === 0) report.error({ source, start: 0, end: 0 }, sourceFaults.empty());
    return null;
  }
  const root = new NodeBuilder(source, report).build(document.contents, 0);
  return failures.length > 0 ? null : root;
}

/** The text of a file; null when it is too large or not plain UTF-8. */
export function decode(path: string, bytes: Uint8Array, report: Report): SourceFile | null {
  const nowhere = new SourceFile(path, '');
  const start: Place = { source: nowhere, start: 0, end: 0 };
  if (bytes.length > MAX_BYTES) {
    report.error(start, sourceFaults.tooLarge(bytes.length, MAX_BYTES));
    return null;
  }
  const text = utf8(bytes);
  if (text === null || text.startsWith('\uFEFF')) {
    report.error(start, sourceFaults.encoding());
    return null;
  }
  const control = CONTROL.exec(text);
  if (control !== null) {
    const source = new SourceFile(path, text);
    report.error({ source, start: control.index, end: control.index + 1 }, sourceFaults.control(control[0]));
    return null;
  }
  return new SourceFile(path, text);
}

// eslint-disable-next-line no-control-regex -- finding control characters is the point
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u0080-\u0084\u0086-\u009F\uFEFF\uFFFE\uFFFF]/;

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

type ParsedDocument = Document.Parsed<ParsedNode>;

/**
 * Depth is watched while tokens come in: building a document is recursive, and a file of a hundred thousand brackets
 * ends the process.
 */
function parse(source: SourceFile, report: Report): ParsedDocument | null {
  const tokens: CST.Token[] = [];
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(source.text)) {
    const place = { source, start: parser.offset, end: parser.offset + lexeme.length };
    refuseLexeme(lexeme, place, report);
    if (report.isFull) return null;
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length <= MAX_DEPTH + 3) continue;
    report.error(place, sourceFaults.tooDeep(MAX_DEPTH));
    return null;
  }
  tokens.push(...parser.end());
  const directive = tokens.find((token) => token.type === 'directive');
  if (directive !== undefined) {
    report.error({ source, start: directive.offset, end: directive.offset + 1 }, sourceFaults.directive());
    return null;
  }
  return compose(source, tokens, report);
}

/** What is refused wherever it stands, whether or not it makes sense there. */
function refuseLexeme(lexeme: string, place: Place, report: Report): void {
  switch (CST.tokenType(lexeme)) {
    case 'alias':
    case 'anchor':
      report.error(place, sourceFaults.alias(lexeme));
      return;
    case 'tag':
      report.error(place, sourceFaults.tag(lexeme));
      return;
    default:
      return;
  }
}

function compose(source: SourceFile, tokens: CST.Token[], report: Report): ParsedDocument | null {
  // Keys are compared by NodeBuilder: the library compares every key with every other one.
  const composer = new Composer<ParsedNode, true>({
    version: '1.2',
    schema: 'core',
    strict: true,
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
  });
  const second = tokens.filter((token) => token.type === 'document')[1];
  if (second !== undefined) {
    const place = { source, start: second.offset, end: second.offset + 3 };
    report.error(place, sourceFaults.secondDocument());
    return null;
  }
  const [document] = withoutStackTraces(() => [...composer.compose(tokens, true, source.text.length)]);
  return document ?? null;
}

/** The library makes an Error for each fault: a file of two hundred thousand commas spends its time on stack traces. */
function withoutStackTraces<T>(work: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

class NodeBuilder {
  readonly #source: SourceFile;
  readonly #report: Report;

  constructor(source: SourceFile, report: Report) {
    this.#source = source;
    this.#report = report;
  }

  build(node: ParsedNode, depth: number): SourceNode {
    const place = this.#place(node.range);
    // Reported when its token came in.
    if (isAlias(node)) return this.#nothing(place);
    if (depth > MAX_DEPTH) return this.#refused(place, sourceFaults.tooDeep(MAX_DEPTH));
    if (isMap<ParsedNode, ParsedNode | null>(node)) return this.#map(node, place, depth);
    if (isSeq<ParsedNode>(node)) return this.#list(node.items, place, depth);
    if (isScalar(node)) return this.#scalar(node.value, place);
    return this.#refused(place, sourceFaults.syntax('This is not a mapping, a list or a value'));
  }

  #list(items: ParsedNode[], place: Place, depth: number): ListNode {
    const nodes = items.map((item) => this.build(item, depth + 1));
    return { kind: 'list', ...place, items: nodes, value: nodes.map((node) => node.value) };
  }

  #map(map: YAMLMap<ParsedNode, ParsedNode | null>, place: Place, depth: number): MapNode {
    const entries = new Map<string, MapEntry>();
    for (const pair of map.items) {
      if (this.#report.isFull) break;
      const entry = this.#entry(pair, depth);
      if (entry === null) continue;
      const earlier = entries.get(entry.name);
      if (earlier === undefined) entries.set(entry.name, entry);
      else
        this.#report.error(
          entry.key,
          sourceFaults.duplicate(entry.name, this.#line(entry.key), this.#line(earlier.key)),
        );
    }
    const value: { [key: string]: Json } = {};
    for (const [key, entry] of entries) value[key] = entry.node.value;
    return { kind: 'map', ...place, entries, value };
  }

  /** Null when the key is refused; nothing below a refused key is looked at. */
  #entry(pair: Pair<ParsedNode, ParsedNode | null>, depth: number): (MapEntry & { name: string }) | null {
    const key = this.#place(pair.key.range);
    const refuse = (fault: ReturnType<typeof sourceFaults.key>): null => {
      this.#report.error(key, fault);
      return null;
    };
    if (isAlias(pair.key)) return null;
    const name = isScalar(pair.key) ? pair.key.value : undefined;
    if (name === '<<') return refuse(sourceFaults.alias('<<'));
    if (typeof name !== 'string') return refuse(sourceFaults.key());
    if (FORBIDDEN_KEYS.has(name)) return refuse(sourceFaults.forbiddenKey(name));
    const nothing: ScalarNode = {
      kind: 'scalar',
      source: this.#source,
      start: key.end,
      end: key.end,
      value: null,
    };
    return { name, key, node: pair.value === null ? nothing : this.build(pair.value, depth + 1) };
  }

  #scalar(value: unknown, place: Place): ScalarNode {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') {
      return { kind: 'scalar', ...place, value };
    }
    if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'scalar', ...place, value };
    return this.#refused(place, sourceFaults.number(this.#source.text.slice(place.start, place.end)));
  }

  #refused(place: Place, fault: ReturnType<typeof sourceFaults.key>): ScalarNode {
    this.#report.error(place, fault);
    return this.#nothing(place);
  }

  /** Stands for a value that is refused, so that nothing more is said about it. */
  #nothing(place: Place): ScalarNode {
    const node: ScalarNode = { kind: 'scalar', ...place, value: null };
    this.#report.spoil(node);
    return node;
  }

  #place(range: readonly [number, number, number]): Place {
    return { source: this.#source, start: range[0], end: range[1] };
  }

  #line(place: Place): number {
    return this.#source.position(place.start).line;
  }
}
