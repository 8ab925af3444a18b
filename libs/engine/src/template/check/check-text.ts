import { checkExpression, splitText } from '../../expression/index.ts';
import type { ExpressionProblem, Names } from '../../expression/index.ts';
import type { Report } from '../source/report.ts';
import { placeIn } from '../source/scalar-offsets.ts';
import type { ScalarNode, SourceNode } from '../source/source-node.ts';
import { templateFaults } from './template.errors.ts';

/** The CEL type of what a text gives; null when it has problems, which are then reported. */
export function checkText(node: ScalarNode, names: Names, report: Report): string | null {
  const { parts, problems } = splitText(String(node.value));
  if (problems.length > 0) return reportAll(problems, { node, start: 0, report });
  let sound = true;
  let type: string | null = 'string';
  for (const part of parts.filter(({ kind }) => kind === 'expression')) {
    const checked = checkExpression(part.text, names);
    reportAll(checked.problems, { node, start: part.start, report });
    if (checked.type === null) sound = false;
    if (isAlone(parts)) type = checked.type;
  }
  return sound ? type : null;
}

function isAlone(parts: Array<{ kind: string; text: string }>): boolean {
  return parts.filter((part) => part.kind === 'expression' || part.text.trim() !== '').length === 1;
}

/** Whether a text holds an expression at all. */
export function hasExpression(node: SourceNode): boolean {
  if (node.kind === 'scalar') return typeof node.value === 'string' && node.value.includes('${{');
  const children = node.kind === 'list' ? node.items : [...node.entries.values()].map((entry) => entry.node);
  return children.some(hasExpression);
}

/** The expression of a field that may hold it bare or in `${{ }}`; null, and a finding, when there is more than that. */
export function soleExpression(
  node: SourceNode,
  key: string,
  report: Report,
): { source: string; start: number } | null {
  if (node.kind !== 'scalar') return null;
  const text = String(node.value);
  if (!text.includes('${{')) return { source: text, start: 0 };
  const { parts, problems } = splitText(text);
  if (problems.length > 0) {
    reportAll(problems, { node, start: 0, report });
    return null;
  }
  const solid = parts.filter((part) => part.kind === 'expression' || part.text.trim() !== '');
  const [only] = solid;
  if (solid.length === 1 && only?.kind === 'expression') return { source: only.text, start: only.start };
  report.broken(node, templateFaults.oneExpression(key));
  return null;
}

/** Checks a field that is one expression; gives its type, or null when it has problems. */
export function checkSole(node: SourceNode, key: string, names: Names, report: Report): string | null {
  if (!report.isSound(node) || node.kind !== 'scalar') return null;
  const expression = soleExpression(node, key, report);
  if (expression === null) return null;
  const checked = checkExpression(expression.source, names);
  reportAll(checked.problems, { node, start: expression.start, report });
  return checked.type;
}

/** Checks a field that decides something: it must give true or false. */
export function checkCondition(
  node: SourceNode | undefined,
  key: string,
  names: Names,
  report: Report,
): void {
  if (node === undefined || typeof node.value === 'boolean') return;
  const type = checkSole(node, key, names, report);
  if (type === null || type === 'bool' || type.startsWith('dyn')) return;
  report.broken(node, templateFaults.conditionType(key, typeWords(type)));
}

/** A CEL type in the words of the format. */
export function typeWords(type: string): string {
  if (type.startsWith('list')) return 'a list';
  if (type.startsWith('map')) return 'a mapping';
  const words: Record<string, string> = {
    string: 'a text',
    int: 'a whole number',
    double: 'a number',
    bool: 'true or false',
    null: 'null',
  };
  return words[type] ?? type;
}

function reportAll(
  problems: ExpressionProblem[],
  at: { node: ScalarNode; start: number; report: Report },
): null {
  for (const { code, message, hint, start, end } of problems) {
    at.report.broken(at.node, { code, message, hint }, placeIn(at.node, at.start + start, at.start + end));
  }
  return null;
}
