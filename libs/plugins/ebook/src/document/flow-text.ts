import type { Inline } from './model.ts';

/** Collapsible white space; a no-break space is a character like any other and stays. */
const SPACES = /[ \t\n\r\f]+/g;
/** Scripts that are written without spaces: a line end between two of their characters is no space either. */
const UNSPACED = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Bopomofo}\u3000-\u303f\uff00-\uffef]`;
const UNSPACED_LINE_END = new RegExp(`(?<=${UNSPACED})[ \\t]*\\n[ \\t]*(?=${UNSPACED})`, 'gu');

/**
 * Text as it flows: a line end of the source is a space, runs of white space are one, and none stands beside a hard break.
 * A line end in the model would be a line end in the PDF, where no reader collapses it.
 */
export function flowInlines(content: Inline[]): Inline[] {
  return flow(content, { spaced: false });
}

/** Whether what came last was white space or a break: white space that follows adds nothing. */
interface FlowState {
  spaced: boolean;
}

function flow(content: Inline[], state: FlowState): Inline[] {
  const out: Inline[] = [];
  for (const inline of content) {
    if (inline.type === 'text') {
      const value = flowText(inline.value, state);
      if (value !== '') out.push({ type: 'text', value });
    } else if (inline.type === 'break') {
      trimEnd(out);
      out.push(inline);
      state.spaced = true;
    } else if ('content' in inline) {
      const inner = flow(inline.content, state);
      if (inner.length > 0) out.push({ ...inline, content: inner });
    } else {
      out.push(inline);
      state.spaced = false;
    }
  }
  return out;
}

function flowText(text: string, state: FlowState): string {
  const joined = text.replace(UNSPACED_LINE_END, '').replace(SPACES, ' ');
  const value = state.spaced ? joined.replace(/^ /, '') : joined;
  if (value !== '') state.spaced = value.endsWith(' ');
  return value;
}

function trimEnd(out: Inline[]): void {
  const last = out.at(-1);
  if (last?.type !== 'text') return;
  const value = last.value.replace(/ $/, '');
  if (value === '') out.pop();
  else out[out.length - 1] = { type: 'text', value };
}
