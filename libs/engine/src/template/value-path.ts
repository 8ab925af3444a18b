import type { Json } from '../vocabulary.ts';

/** A step of a path: a name, a 0-based position, or `*` for every item of a list. */
export type PathStep = string | number | typeof EVERY;

export const EVERY = Symbol('every item');

const STEP = /\.?([A-Za-z_][\w-]*)|\[(\d{1,9})\]|\[(\*)\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** Reads `stages.outline.output.chapters[0].title`: names, `[0]`, `[*]`, `["any name"]`. Null when it is no path. */
export function parsePath(text: string): PathStep[] | null {
  const steps: PathStep[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const at = STEP.lastIndex;
    const found = STEP.exec(text);
    if (found === null) return null;
    const [whole, name, position, every, quoted] = found;
    // A dot stands between names, and nowhere else.
    if (name !== undefined && at > 0 !== whole.startsWith('.')) return null;
    if (name !== undefined) steps.push(name);
    else if (position !== undefined) steps.push(Number(position));
    else steps.push(every === undefined ? unquoted(quoted ?? '') : EVERY);
  }
  return steps.length === 0 ? null : steps;
}

function unquoted(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

/** A value that a path leads to, under the path that it stands at. */
export interface Picked {
  path: string;
  /** Undefined when nothing is there. */
  value: Json | undefined;
}

/** What a path leads to: one value, or one for each item at every `[*]`. An empty list has none. */
export function pick(root: Json, steps: readonly PathStep[]): Picked[] {
  let found: Picked[] = [{ path: '', value: root }];
  for (const step of steps) found = found.flatMap((at) => below(at, step));
  return found;
}

function below({ path, value }: Picked, step: PathStep): Picked[] {
  if (step === EVERY) {
    if (!Array.isArray(value)) return [{ path: `${path}[*]`, value: undefined }];
    return value.map((item, index) => ({ path: `${path}[${index}]`, value: item }));
  }
  if (typeof step === 'number')
    return [{ path: `${path}[${step}]`, value: Array.isArray(value) ? value[step] : undefined }];
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const next = isMap && Object.hasOwn(value, step) ? value[step] : undefined;
  return [{ path: join(path, step), value: next }];
}

const PLAIN = /^[A-Za-z_][\w-]*$/;

/** The path of a name below another path. */
export function join(path: string, name: string): string {
  if (!PLAIN.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}
