import { isMap, isScalar, isSeq, Lexer, parseDocument, Parser, visit } from 'yaml';
import type { Document } from 'yaml';
import { frontMatterInvalid } from './prompt.errors.ts';
import type { PromptFault } from './prompt.errors.ts';
import type { Place } from './prompt-node.ts';

export interface FrontMatter {
  title?: string;
  description?: string;
  /** Names the prompt may read, as dotted paths; null when nothing is declared. */
  variables: string[] | null;
}

export interface SplitPrompt {
  frontMatter: FrontMatter;
  /** Where each declared variable stands, in the order of `frontMatter.variables`. */
  variablePlaces: Place[];
  /** The prompt itself, without the front matter. */
  content: string;
  /** Lines before `content`. */
  skippedLines: number;
  faults: PromptFault[];
}

const FENCED = /^---[ \t]*\r?\n((?:[\s\S]*?\r?\n)??)---[ \t]*(?:\r?\n|$)/;
const VARIABLE = /^[A-Za-z_][\w-]*(?:\.[\w-]+)*$/;
const FIRST_LINE: Place = { line: 1, column: 1, endLine: 1, endColumn: 4 };

/** Splits the optional YAML front matter from a prompt. Never throws: what is wrong comes back as faults. */
export function splitFrontMatter(text: string): SplitPrompt {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const match = FENCED.exec(plain);
  if (!match) {
    const faults = /^---[ \t]*\r?\n/.test(plain)
      ? [frontMatterInvalid('it starts with --- but is never closed by a second ---', FIRST_LINE)]
      : [];
    return { frontMatter: { variables: null }, variablePlaces: [], content: plain, skippedLines: 0, faults };
  }
  const content = plain.slice(match[0].length);
  const skippedLines = match[0].split('\n').length - 1;
  return { ...readYaml(match[1] ?? ''), content, skippedLines };
}

/** Levels of the parser that a list of names takes, and a few to spare: more is never right, and reading is recursive. */
const MAX_LEVELS = 8;
const MAX_FAULTS = 20;

function tooDeepAt(source: string): number | null {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(source)) {
    Array.from(parser.next(lexeme));
    if (parser.stack.length > MAX_LEVELS) return parser.offset - lexeme.length;
  }
  return null;
}

function readYaml(source: string): Pick<SplitPrompt, 'frontMatter' | 'variablePlaces' | 'faults'> {
  const deep = tooDeepAt(source);
  if (deep !== null) {
    const fault = frontMatterInvalid('it is nested too deep', placesOf(source)(deep, deep + 1));
    return { frontMatter: { variables: null }, variablePlaces: [], faults: [fault] };
  }
  const document = parseDocument(source, {
    schema: 'core',
    uniqueKeys: true,
    strict: true,
    logLevel: 'silent',
  });
  const place = placesOf(source);
  const failures = [...document.errors, ...document.warnings].slice(0, MAX_FAULTS);
  const faults: PromptFault[] = failures.map((error) =>
    frontMatterInvalid(
      (error.message.split('\n')[0] ?? 'bad YAML').replace(/ at line \d+, column \d+:?$/, ''),
      place(error.pos[0], error.pos[1]),
    ),
  );
  faults.push(...indirections(document, place));
  if (faults.length > 0) return { frontMatter: { variables: null }, variablePlaces: [], faults };
  return readFields(document, place);
}

type PlaceOf = (from: number, to: number) => Place;

/** Offsets in the YAML to places in the file: the YAML starts on line 2. */
function placesOf(source: string): PlaceOf {
  const position = (offset: number): [number, number] => {
    const lines = source.slice(0, offset).split('\n');
    return [lines.length + 1, (lines.at(-1) ?? '').length + 1];
  };
  return (from, to) => {
    const [line, column] = position(from);
    const [endLine, endColumn] = position(to);
    return { line, column, endLine, endColumn };
  };
}

/** Aliases, anchors and tags have no use here and have been used for attacks: refused. */
function indirections(document: Document.Parsed, place: PlaceOf): PromptFault[] {
  const faults: PromptFault[] = [];
  visit(document, {
    Alias: (_key, node) => {
      faults.push(
        frontMatterInvalid('aliases are not allowed', place(node.range?.[0] ?? 0, node.range?.[1] ?? 0)),
      );
    },
    Value: (_key, node) => {
      if (!node.anchor && !node.tag) return;
      faults.push(
        frontMatterInvalid(
          'anchors and tags are not allowed',
          place(node.range?.[0] ?? 0, node.range?.[1] ?? 0),
        ),
      );
    },
  });
  return faults;
}

function readFields(
  document: Document.Parsed,
  place: PlaceOf,
): Pick<SplitPrompt, 'frontMatter' | 'variablePlaces' | 'faults'> {
  const frontMatter: FrontMatter = { variables: null };
  const variablePlaces: Place[] = [];
  const faults: PromptFault[] = [];
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null))
    return { frontMatter, variablePlaces, faults };
  if (!isMap(root)) {
    return {
      frontMatter,
      variablePlaces,
      faults: [frontMatterInvalid('it must be a mapping of names to values', place(0, 0))],
    };
  }
  for (const pair of root.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const range = (isScalar(pair.key) ? pair.key.range : undefined) ?? [0, 0, 0];
    const refuse = (message: string): number =>
      faults.push(frontMatterInvalid(message, place(range[0], range[1])));
    if (key === 'title' || key === 'description') {
      if (isScalar(pair.value) && typeof pair.value.value === 'string') frontMatter[key] = pair.value.value;
      else refuse(`"${key}" must be text`);
    } else if (key === 'variables') {
      if (!isSeq(pair.value)) {
        refuse('"variables" must be a list of names');
        continue;
      }
      frontMatter.variables = [];
      for (const item of pair.value.items) {
        const at =
          isScalar(item) && item.range ? place(item.range[0], item.range[1]) : place(range[0], range[1]);
        if (isScalar(item) && typeof item.value === 'string' && VARIABLE.test(item.value)) {
          frontMatter.variables.push(item.value);
          variablePlaces.push(at);
        } else faults.push(frontMatterInvalid('a variable is a name or a dotted path', at));
      }
    } else refuse(`unknown field "${key}"`);
  }
  return { frontMatter, variablePlaces, faults };
}
