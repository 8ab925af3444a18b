import type { Finding } from '@stagewright/engine';
import { colours } from './colours.ts';

/** One finding for a person: place, severity, code; then what is wrong and how to mend it. */
export function renderFinding(finding: Finding): string {
  const place = colours.bold(`${finding.file}:${finding.line}:${finding.column}`);
  const severity = finding.severity === 'error' ? colours.red('error') : colours.yellow('warning');
  const hint = finding.hint === undefined ? '' : `\n  ${colours.dim(`hint: ${finding.hint}`)}`;
  return `${place}  ${severity}  ${finding.code}\n  ${finding.message}${hint}`;
}

export function countFindings(findings: Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  return `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
}
