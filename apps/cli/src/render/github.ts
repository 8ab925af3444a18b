import type { Finding } from '@stagewright/engine';

/**
 * A finding as a workflow command of GitHub Actions: it stands beside the line in the pull request. `prefix` leads from the
 * repository's root to the registry. https://docs.github.com/actions/reference/workflow-commands
 */
export function renderWorkflowCommand(finding: Finding, prefix: string): string {
  const { severity, code, message, hint, line, column, endLine, endColumn } = finding;
  // Columns on several lines mean nothing to GitHub.
  const sameLine = endLine === undefined || endLine === line;
  const properties: Array<[string, string | number | undefined]> = [
    ['file', `${prefix}${finding.file}`],
    ['line', line],
    ['endLine', sameLine ? undefined : endLine],
    ['col', sameLine ? column : undefined],
    ['endColumn', sameLine ? endColumn : undefined],
    ['title', code],
  ];
  const given = properties.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapedProperty(String(value))}`],
  );
  return `::${severity} ${given.join(',')}::${escaped(hint === undefined ? message : `${message} ${hint}`)}`;
}

/** A line would end the command, and what follows could be another one. */
function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
