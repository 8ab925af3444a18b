/**
 * A prompt after parsing: only what the allow-list admits, with the place of every token. Small and closed on purpose:
 * the renderer interprets these nodes, so nothing that is not named here can ever run.
 */

/** Where a token stands in its file. 1-based, columns in UTF-16 code units, end exclusive. */
export interface Place {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export type PromptNode = TextNode | OutputNode | BlockNode | PartialNode;

export interface TextNode {
  kind: 'text';
  text: string;
}

/** `{{topic}}`, `{{{topic}}}` or `{{upper topic}}`. */
export interface OutputNode {
  kind: 'output';
  value: Expression;
}

export type BlockName = 'if' | 'unless' | 'each' | 'with';

export interface BlockNode {
  kind: 'block';
  block: BlockName;
  subject: Expression;
  /** Names after `as |item index|`. */
  params: string[];
  body: PromptNode[];
  /** What follows `{{else}}`; null when there is none. */
  otherwise: PromptNode[] | null;
  place: Place;
}

/** `{{> tone audience=inputs.audience}}` */
export interface PartialNode {
  kind: 'partial';
  name: string;
  values: Array<{ name: string; value: Expression }>;
  /** White space before a partial that stands alone on its line; every line of the partial gets it. */
  indent: string;
  place: Place;
}

export type Expression = LiteralExpression | PathReference | CallExpression;

export interface LiteralExpression {
  kind: 'literal';
  value: null | boolean | number | string;
  place: Place;
}

export interface PathReference {
  kind: 'path';
  /** `root` and loop data (`@index`) start at the data; everything else at a block parameter or a context. */
  origin: 'context' | 'root' | 'data';
  /** How many `../` precede it. */
  depth: number;
  segments: string[];
  /** Starts with `this` or `./`: never a block parameter. */
  scoped: boolean;
  /** As written. */
  text: string;
  place: Place;
}

export interface CallExpression {
  kind: 'call';
  helper: string;
  args: Expression[];
  place: Place;
}
