import type { Finding } from '../../errors/finding.ts';
import type { Place, SourceNode } from './source-node.ts';

export interface Fault {
  code: string;
  message: string;
  hint?: string | null;
}

/** Collects the findings of one template, and remembers which parts are broken so that they cause no further ones. */
export class Report {
  readonly #findings = new Map<string, Finding>();
  readonly #broken = new Set<SourceNode>();

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
    const { file, line, column, code, message } = finding;
    this.#findings.set(JSON.stringify([file, line, column, code, message]), finding);
  }

  hasErrors(): boolean {
    return [...this.#findings.values()].some((finding) => finding.severity === 'error');
  }

  sorted(): Finding[] {
    return sortFindings([...this.#findings.values()]);
  }
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
