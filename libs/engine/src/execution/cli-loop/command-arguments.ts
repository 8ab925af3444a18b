import { loopErrors } from './cli-loop.errors.ts';
import { evaluateValue } from '../../expression/index.ts';
import type { CliLoopStage, Scope, Value } from '../../template/plan.ts';
import type { Json } from '../../vocabulary.ts';

/** Bytes of one argument: some systems take no more than 128 KiB. */
const MOST_BYTES = 64 * 1024;

/**
 * The arguments of a command, each one element whatever is in it. What begins with data may not begin with "-", or data
 * could be an option; behind a "--" of the template it may. Throws `CLI_ARG_FORBIDDEN`, `EXPRESSION_FAILED`.
 */
export function commandArguments({ command, args }: CliLoopStage, scope: Scope): string[] {
  const dashes = args.findIndex((value) => value.kind === 'literal' && value.value === '--');
  return args.map((value, position) => {
    const text = textOf(evaluateValue(value, scope));
    const isOperand = dashes !== -1 && position > dashes;
    const why = text === null ? NO_TEXT : faultOf(text, beginsWithData(value) && !isOperand);
    if (text === null || why !== null) throw loopErrors.argumentForbidden(command, position, why ?? NO_TEXT);
    return text;
  });
}

const NO_TEXT = 'is neither a text nor a number nor true or false';

function textOf(value: Json): string | null {
  return typeof value === 'object' ? null : String(value);
}

function faultOf(text: string, isData: boolean): string | null {
  if (text.includes('\0')) return 'holds a zero byte';
  if (Buffer.byteLength(text) > MOST_BYTES) return `is longer than ${MOST_BYTES} bytes`;
  return isData && text.startsWith('-') ? 'is data that begins with "-"' : null;
}

/** Whether the first character is not the template's own. */
function beginsWithData(value: Value): boolean {
  if (value.kind === 'text') return typeof value.parts.find((part) => part !== '') !== 'string';
  return value.kind !== 'literal';
}
