import type { Finding } from '../../errors/finding.ts';
import type { Place, SourceNode } from './source-node.ts';

export interface Fault {
  code: string;
  message: string;
  hint?: string | null;
}

/** Findings of one template: who reads them mends the first ones and asks again. */
export const MAX_FINDINGS = 500;

const TOO_MANY = `There are more than ${MAX_FINDINGS} findings; only the first of them are listed.`;

/** Collects the findings of one template, and remembers which parts are broken so that they cause no further ones. */
export class Report {
  readonly #findings = new Map<string, Finding>();
  readonly #broken = new Set<SourceNode>();
  #hasErrors = false;

  error(place: Place, fault: Fault): void {
    this.add(place, fault, 'error');
  }

  warning(place: Place, fault: Fault): void {
    this.add(place, fault, 'warning');
  }

  /** An error in a value: whatever is built on it is not checked further. */
  broken(node: SourceNode, fault: Fault, place: Place = node): void {
    this.#broken.add(node);
    this.error(place, fault);
  }

  spoil(node: SourceNode): void {
    this.#broken.add(node);
  }

  isSound(node: SourceNode): boolean {
    if (this.#broken.size === 0) return true;
    if (this.#broken.has(node)) return false;
    if (node.kind === 'list') return node.items.every((item) => this.isSound(item));
    if (node.kind === 'map') return [...node.entries.values()].every((entry) => this.isSound(entry.node));
    return true;
  }

  add(place: Place, fault: Fault, severity: Finding['severity']): void {
    const start = place.source.position(place.start);
    const end = place.source.position(Math.max(place.start, place.end));
    this.put({
      code: fault.code,
      severity,
      message: fault.message,
      ...(fault.hint === undefined || fault.hint === null ? {} : { hint: fault.hint }),
      file: place.source.path,
      ...start,
      endLine: end.line,
      endColumn: end.column,
    });
  }

  /** A finding that is complete already. One that says the same of the same place is kept once. */
  put(finding: Finding): void {
    if (this.isFull) return;
    const { file, line, column, code } = finding;
    const message = readable(finding.message);
    const hint = finding.hint === undefined ? {} : { hint: readable(finding.hint) };
    this.#findings.set(JSON.stringify([file, line, column, code, message]), { ...finding, message, ...hint });
    this.#hasErrors ||= finding.severity === 'error';
    if (!this.isFull) return;
    const fault = { code: 'TEMPLATE_TOO_MANY_FINDINGS', severity: 'error', message: TOO_MANY } as const;
    this.#hasErrors = true;
    this.#findings.set(fault.code, { ...fault, file, line, column });
  }

  /** Nothing more is taken. */
  get isFull(): boolean {
    return this.#findings.size >= MAX_FINDINGS;
  }

  hasErrors(): boolean {
    return this.#hasErrors;
  }

  sorted(): Finding[] {
    return sortFindings([...this.#findings.values()]);
  }
}

/** Characters of a message: names in it may be as long as a file. */
const MAX_MESSAGE = 1_000;
/** What a reader cannot see, or what turns the direction of the text around it. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A message quotes what a stranger wrote: it is cut, and what hides in it is shown. */
function readable(text: string): string {
  const shown = text.slice(0, MAX_MESSAGE).replace(INVISIBLE, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
  });
  return text.length > MAX_MESSAGE ? `${shown}...` : shown;
}

/** By file, line, column and code. */
export function sortFindings(findings: Finding[]): Finding[] {
  return findings.sort(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.code, b.code),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
