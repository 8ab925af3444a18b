import { StagewrightError } from '../errors/stagewright-error.ts';
import type { Place } from './prompt-node.ts';
import { MAX_PROMPT_BYTES, MAX_PROMPT_DEPTH } from './prompt-limits.ts';

/** Something wrong in a prompt file, found before it is rendered. */
export interface PromptProblem {
  /** `PROMPT_*`, or `TEMPLATE_SCHEMA` when the prompt is not text at all. */
  code: string;
  message: string;
  hint?: string;
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 code units. */
  column: number;
  endLine?: number;
  /** Exclusive. */
  endColumn?: number;
  file: string;
  /** Of `PROMPT_VAR_UNKNOWN`: the path in the data up to the first name that is not there. */
  missing?: string[];
}

/** A problem before it is known in which file it stands. */
export interface PromptFault extends Partial<Place> {
  code: string;
  message: string;
  hint?: string;
  line: number;
  column: number;
  missing?: string[];
}

const START: Place = { line: 1, column: 1, endLine: 1, endColumn: 1 };

export const notText = (): PromptFault => ({
  code: 'TEMPLATE_SCHEMA',
  message: 'A prompt must be text.',
  hint: 'Name a Handlebars file (.hbs); anything already parsed is refused.',
  ...START,
});

export const tooLong = (bytes: number): PromptFault => ({
  code: 'PROMPT_RENDER_BUDGET',
  message: `The prompt has ${bytes} bytes; at most ${MAX_PROMPT_BYTES} are allowed.`,
  hint: 'Move long material into an input or an earlier stage, and name it as a variable.',
  ...START,
});

export const tooDeep = (place: Place): PromptFault => ({
  code: 'PROMPT_RENDER_BUDGET',
  message: `Blocks and parentheses are nested more than ${MAX_PROMPT_DEPTH} deep.`,
  hint: 'Split the prompt into partials, or decide in the template with "if".',
  ...place,
});

export const tooManyNodes = (place: Place): PromptFault => ({
  code: 'PROMPT_RENDER_BUDGET',
  message: 'The prompt and its partials together are too large to check.',
  hint: 'Partials that use each other several times grow quickly; use each once.',
  ...place,
});

export const badSyntax = (message: string, place: Place): PromptFault => ({
  code: 'PROMPT_SYNTAX',
  message: `The prompt is not valid Handlebars: ${message}.`,
  ...place,
});

export const syntaxForbidden = (what: string, hint: string, place: Place): PromptFault => ({
  code: 'PROMPT_SYNTAX_FORBIDDEN',
  message: `${what} not allowed in prompts.`,
  hint,
  ...place,
});

export const pathForbidden = (text: string, why: string, place: Place): PromptFault => ({
  code: 'PROMPT_PATH_FORBIDDEN',
  message: `"${text}" is refused: ${why}.`,
  hint: 'Name a variable of the template by its plain path, such as inputs.topic.',
  ...place,
});

export const partialForbidden = (text: string, why: string, place: Place): PromptFault => ({
  code: 'PROMPT_PARTIAL_FORBIDDEN',
  message: `The partial "${text}" is refused: ${why}.`,
  hint: 'Name a shared prompt of the registry: {{> tone}} is prompts/tone.hbs.',
  ...place,
});

export const partialCycle = (chain: string[], place: Place): PromptFault => ({
  code: 'PROMPT_PARTIAL_CYCLE',
  message: `Partials use each other in a circle: ${chain.join(' -> ')}.`,
  hint: 'A partial cannot use itself, not even through another one.',
  ...place,
});

export const helperUnknown = (name: string, known: readonly string[], place: Place): PromptFault => ({
  code: 'PROMPT_HELPER_UNKNOWN',
  message: `There is no helper "${name}" (column ${place.column}).`,
  hint: `Helpers are ${known.join(', ')}; blocks are if, unless, each, with.`,
  ...place,
});

export const helperArguments = (name: string, usage: string, place: Place): PromptFault => ({
  code: 'PROMPT_HELPER_ARGUMENTS',
  message: `The helper "${name}" is used with the wrong arguments.`,
  hint: `Write ${usage}; to read a variable of that name, write {{this.${name}}}.`,
  ...place,
});

export const variableUnknown = (
  text: string,
  why: string,
  facts: { place: Place; hint?: string; missing?: string[] },
): PromptFault => ({
  code: 'PROMPT_VAR_UNKNOWN',
  ...(facts.missing === undefined ? {} : { missing: facts.missing }),
  message: `The variable "${text}" does not exist: ${why}.`,
  hint:
    facts.hint ?? 'Declare it as an input of the template, or as a property of the contract it comes from.',
  ...facts.place,
});

export const frontMatterInvalid = (message: string, place: Place): PromptFault => ({
  code: 'PROMPT_FRONT_MATTER',
  message: `The front matter is not valid: ${message}.`,
  hint: 'Between the --- lines only title, description and variables (a list of names) are allowed.',
  ...place,
});

const where = (file: string, place: Place): string => `${file}:${place.line}:${place.column}`;

/** A prompt that fails its check when it is about to be rendered. */
export const promptRefused = (problem: PromptProblem): StagewrightError =>
  new StagewrightError(
    problem.code,
    `${problem.message} (${problem.file}:${problem.line}:${problem.column})`,
    {
      ...(problem.hint === undefined ? {} : { hint: problem.hint }),
      details: { file: problem.file, line: problem.line, column: problem.column },
    },
  );

export const renderVariableMissing = (name: string, file: string, place: Place): StagewrightError =>
  new StagewrightError('PROMPT_VAR_UNKNOWN', `The variable "${name}" has no value (${where(file, place)}).`, {
    hint: 'Give it a value, or write {{default name "..."}} or {{#if name}} around it.',
    details: { variable: name, file, line: place.line, column: place.column },
  });

export const renderVariableNull = (name: string, file: string, place: Place): StagewrightError =>
  new StagewrightError('PROMPT_VAR_NULL', `The variable "${name}" is null (${where(file, place)}).`, {
    hint: 'A skipped stage has a null output: write {{default name "..."}} or {{#if name}} around it.',
    details: { variable: name, file, line: place.line, column: place.column },
  });

export const renderNotText = (
  name: string,
  kind: string,
  facts: { file: string; place: Place },
): StagewrightError =>
  new StagewrightError(
    'PROMPT_VALUE_NOT_TEXT',
    `"${name}" is ${kind}, not text (${where(facts.file, facts.place)}).`,
    {
      hint: `Write {{json ${name}}}, {{join ${name} ", "}}, or go through it with {{#each ${name}}}.`,
      details: { variable: name, file: facts.file, line: facts.place.line, column: facts.place.column },
    },
  );

export const renderNotList = (
  name: string,
  kind: string,
  facts: { file: string; place: Place },
): StagewrightError =>
  new StagewrightError(
    'PROMPT_VALUE_NOT_LIST',
    `{{#each}} needs a list or an object, but "${name}" is ${kind} (${where(facts.file, facts.place)}).`,
    { details: { variable: name, file: facts.file, line: facts.place.line, column: facts.place.column } },
  );

export const renderHelperValue = (message: string, file: string, place: Place): StagewrightError =>
  new StagewrightError('PROMPT_HELPER_VALUE', `${message} (${where(file, place)}).`, {
    details: { file, line: place.line, column: place.column },
  });

export const renderBudget = (path: string, cap: string): StagewrightError =>
  new StagewrightError('PROMPT_RENDER_BUDGET', `Rendering ${path} was stopped: ${cap}.`, {
    hint: 'Loops inside loops multiply; shorten the lists or take a loop out.',
    details: { file: path },
  });
