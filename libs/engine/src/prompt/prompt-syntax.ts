import Handlebars from 'handlebars';
import { promptHelper, PROMPT_HELPER_NAMES } from './helper-catalog.ts';
import {
  helperArguments,
  helperUnknown,
  partialForbidden,
  pathForbidden,
  syntaxForbidden,
  tooDeep,
} from './prompt.errors.ts';
import type { PromptFault } from './prompt.errors.ts';
import { FORBIDDEN_SEGMENTS, MAX_PROMPT_DEPTH, PARTIAL_NAME } from './prompt-limits.ts';
import { parserFault } from './parser-fault.ts';
import { excessiveNesting } from './prompt-nesting.ts';
import type { BlockName, Expression, PathReference, Place, PromptNode } from './prompt-node.ts';

export interface PromptTree {
  nodes: PromptNode[];
  faults: PromptFault[];
}

const BLOCKS: ReadonlySet<string> = new Set(['if', 'unless', 'each', 'with']);
const PARAMS_ALLOWED: Record<BlockName, number> = { if: 0, unless: 0, each: 2, with: 1 };

/**
 * Parses Handlebars text and keeps only what the allow-list admits. `skippedLines` is added to every line, for text
 * that stood below a front matter. Time is linear in the text: nesting is bounded before the parser runs.
 */
export function parsePromptText(text: string, skippedLines: number): PromptTree {
  const deep = excessiveNesting(text);
  if (deep) {
    const place = {
      ...deep,
      line: deep.line + skippedLines,
      endLine: deep.line + skippedLines,
      endColumn: deep.column,
    };
    return { nodes: [], faults: [tooDeep(place)] };
  }
  const reader = new SyntaxReader(skippedLines);
  try {
    const nodes = reader.program(Handlebars.parse(text), 0);
    return { nodes, faults: reader.faults };
  } catch (error) {
    return { nodes: [], faults: [parserFault(error, skippedLines)] };
  }
}

/** Turns Handlebars' tree into ours. Whatever has no case here is refused. */
class SyntaxReader {
  readonly faults: PromptFault[] = [];
  readonly #skippedLines: number;

  constructor(skippedLines: number) {
    this.#skippedLines = skippedLines;
  }

  program(program: hbs.AST.Program, depth: number): PromptNode[] {
    return program.body.flatMap((statement) => this.#statement(statement, depth) ?? []);
  }

  #statement(node: hbs.AST.Statement, depth: number): PromptNode | null {
    switch (node.type) {
      case 'ContentStatement':
        return { kind: 'text', text: (node as hbs.AST.ContentStatement).value };
      case 'CommentStatement':
        return null;
      case 'MustacheStatement':
        return this.#output(node as hbs.AST.MustacheStatement, depth);
      case 'BlockStatement':
        return this.#block(node as hbs.AST.BlockStatement, depth);
      case 'PartialStatement':
        return this.#partial(node as hbs.AST.PartialStatement, depth);
      case 'Decorator':
        return this.#refuse('Decorators ({{* }}) are', 'Remove it.', node);
      case 'DecoratorBlock':
        return this.#refuse(
          'Inline partials ({{#*inline}}) are',
          'Put the text in prompts/<name>.hbs and write {{> name}}.',
          node,
        );
      case 'PartialBlockStatement':
        return this.#refuse(
          'Partial blocks ({{#> }}) are',
          'Pass values by name instead: {{> name value=...}}.',
          node,
        );
      default:
        return this.#refuse(`"${node.type}" is`, 'See the reference of prompts for what is allowed.', node);
    }
  }

  #refuse(what: string, hint: string, node: hbs.AST.Node): null {
    this.faults.push(syntaxForbidden(what, hint, this.#place(node)));
    return null;
  }

  #output(node: hbs.AST.MustacheStatement, depth: number): PromptNode | null {
    if (node.path.type !== 'PathExpression') {
      return this.#refuse('A literal alone in braces is', 'Write the text itself, without braces.', node);
    }
    const value = this.#callOrPath(
      node as hbs.AST.MustacheStatement & { path: hbs.AST.PathExpression },
      depth,
    );
    return value && { kind: 'output', value };
  }

  /** `{{name}}` is a variable unless a helper has that name; with arguments it must be a helper. */
  #callOrPath(
    node: {
      path: hbs.AST.PathExpression;
      params: hbs.AST.Expression[];
      hash?: hbs.AST.Hash;
      loc: hbs.AST.SourceLocation;
      type: string;
    },
    depth: number,
  ): Expression | null {
    const place = this.#place(node.path);
    const path = this.#path(node.path);
    if (!path) return null;
    const name = path.text;
    const bare = node.params.length === 0 && !node.hash && node.type !== 'SubExpression';
    if (name === 'lookup') {
      this.faults.push(pathForbidden(name, 'a name computed while rendering cannot be checked', place));
      return null;
    }
    const helper = promptHelper(name);
    if (!helper && bare && !(BLOCKS.has(name) || name === 'log')) return path;
    if (!helper) {
      this.faults.push(helperUnknown(name, PROMPT_HELPER_NAMES, place));
      return null;
    }
    if (node.hash) return this.#refuse('Named arguments of helpers are', `Write ${helper.usage}.`, node.hash);
    if (node.params.length < helper.arity[0] || node.params.length > helper.arity[1]) {
      this.faults.push(helperArguments(name, helper.usage, place));
      return null;
    }
    const args = node.params.map((param) => this.#expression(param, depth + 1));
    return args.some((arg) => arg === null)
      ? null
      : { kind: 'call', helper: name, args: args as Expression[], place };
  }

  #block(node: hbs.AST.BlockStatement & { openStrip: { open?: boolean } }, depth: number): PromptNode | null {
    const name = node.path.original;
    const path = this.#path(node.path);
    if (!path) return null;
    if (depth + 1 > MAX_PROMPT_DEPTH) {
      this.faults.push(tooDeep(this.#place(node.path)));
      return null;
    }
    if (node.openStrip.open === undefined)
      return this.#refuse('Raw blocks ({{{{ }}}}) are', 'Write \\{{ for two literal braces.', node);
    if (!BLOCKS.has(name)) {
      this.faults.push(helperUnknown(name, PROMPT_HELPER_NAMES, path.place));
      return null;
    }
    if (node.hash)
      return this.#refuse('Named arguments of blocks are', `Write {{#${name} value}}.`, node.hash);
    const [subject, ...rest] = node.params;
    if (subject === undefined || rest.length > 0) {
      this.faults.push(helperArguments(name, `{{#${name} value}}`, path.place));
      return null;
    }
    return this.#blockParts(node, name as BlockName, { subject, depth });
  }

  #blockParts(
    node: hbs.AST.BlockStatement,
    block: BlockName,
    at: { subject: hbs.AST.Expression; depth: number },
  ): PromptNode | null {
    const subject = this.#expression(at.subject, at.depth + 1);
    // {{^if x}} has only an inverse; the parser leaves `program` out.
    const program = node.program as hbs.AST.Program | undefined;
    const inverse = node.inverse as hbs.AST.Program | undefined;
    const params = program?.blockParams ?? [];
    const forbidden = params.find((param) => FORBIDDEN_SEGMENTS.has(param));
    if (forbidden !== undefined)
      this.faults.push(pathForbidden(forbidden, 'the name is reserved', this.#place(node.path)));
    if (params.length > PARAMS_ALLOWED[block] || (inverse?.blockParams ?? []).length > 0) {
      return this.#refuse(
        `So many names after "as" are`,
        block === 'each' ? 'Write {{#each list as |item index|}}.' : 'Write {{#with value as |name|}}.',
        node.path,
      );
    }
    const body = program ? this.program(program, at.depth + 1) : [];
    const otherwise = inverse ? this.program(inverse, at.depth + 1) : null;
    if (!subject) return null;
    return { kind: 'block', block, subject, params, body, otherwise, place: this.#place(node.path) };
  }

  #partial(node: hbs.AST.PartialStatement, depth: number): PromptNode | null {
    const place = this.#place(node.name);
    const written = node.name as hbs.AST.Node & { original?: unknown; depth?: number; data?: boolean };
    const name = typeof written.original === 'string' ? written.original : '';
    if (written.type === 'SubExpression') {
      this.faults.push(partialForbidden('(...)', 'its name must be written out, not computed', place));
      return null;
    }
    if (!PARTIAL_NAME.test(name)) {
      this.faults.push(
        partialForbidden(String(written.original), 'it is not the name of a shared prompt', place),
      );
      return null;
    }
    if (node.params.length > 0) {
      return this.#refuse(
        'A context for a partial is',
        'Pass values by name: {{> name value=...}}.',
        node.params[0] ?? node,
      );
    }
    const values: Array<{ name: string; value: Expression }> = [];
    for (const pair of (node.hash as hbs.AST.Hash | undefined)?.pairs ?? []) {
      if (FORBIDDEN_SEGMENTS.has(pair.key))
        this.faults.push(pathForbidden(pair.key, 'the name is reserved', this.#place(pair)));
      const value = this.#expression(pair.value, depth + 1);
      if (value) values.push({ name: pair.key, value });
    }
    return { kind: 'partial', name, values, indent: node.indent, place };
  }

  #expression(node: hbs.AST.Expression, depth: number): Expression | null {
    const place = this.#place(node);
    if (depth > MAX_PROMPT_DEPTH) {
      this.faults.push(tooDeep(place));
      return null;
    }
    switch (node.type) {
      case 'PathExpression':
        return this.#path(node as hbs.AST.PathExpression);
      case 'SubExpression':
        return this.#callOrPath(node as hbs.AST.SubExpression, depth);
      case 'StringLiteral':
      case 'NumberLiteral':
      case 'BooleanLiteral':
        return {
          kind: 'literal',
          value: (node as hbs.AST.StringLiteral | hbs.AST.NumberLiteral | hbs.AST.BooleanLiteral).value,
          place,
        };
      case 'NullLiteral':
        return { kind: 'literal', value: null, place };
      default:
        return this.#refuse(
          `"${node.type}" is`,
          'Write null, a number, true, false, "text" or a path.',
          node,
        );
    }
  }

  #path(node: hbs.AST.PathExpression): PathReference | null {
    const place = this.#place(node);
    // The parser also takes a text or a number where a name belongs: {{#"if" x}}.
    if ((node.type as string) !== 'PathExpression')
      return this.#refuse('A literal in the place of a name is', 'Write the name, without quotes.', node);
    const text = node.original;
    const bad = node.parts.find((part) => FORBIDDEN_SEGMENTS.has(part));
    if (bad !== undefined) {
      this.faults.push(pathForbidden(text, `"${bad}" reaches behind the data`, place));
      return null;
    }
    const root = node.data && node.parts[0] === 'root' && node.depth === 0;
    if (root && node.parts.length === 1) {
      this.faults.push(pathForbidden(text, 'it reads every variable at once', place));
      return null;
    }
    return {
      kind: 'path',
      origin: root ? 'root' : node.data ? 'data' : 'context',
      depth: node.depth,
      segments: root ? node.parts.slice(1) : node.parts,
      scoped: /^\.|^this\b/.test(text),
      text,
      place,
    };
  }

  #place(node: hbs.AST.Node): Place {
    const { start, end } = node.loc;
    return {
      line: start.line + this.#skippedLines,
      column: start.column + 1,
      endLine: end.line + this.#skippedLines,
      endColumn: end.column + 1,
    };
  }
}
