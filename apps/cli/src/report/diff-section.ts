import type { Change, RegistryDiff, TemplateDiff } from '@stagewright/engine/template';
import type { Reach } from '../registry/reach-of.ts';
import { stateText, verdictText } from '../render/registry-diff.ts';
import { code, details, diffBlock, inline, table } from './markdown.ts';

/** What is different, template by template, and which version it asks for. */
export function diffSection({ templates, shared }: RegistryDiff, reach: Reach[]): string[] {
  if (templates.length === 0) return ['### Templates', '', 'No template is different.', ''];
  return [
    '### Templates',
    '',
    ...table(['template', 'version', 'asks for'], templates.map(row)),
    ...templates.flatMap(changesOf),
    ...sharedFiles(shared),
    ...runsOf(reach),
  ];
}

function row(template: TemplateDiff): string[] {
  const { name, diff, state } = template;
  const fine = state !== 'broken' && (diff === null || diff.version.enough);
  const asked = diff === null ? (state === 'broken' ? 'mend the findings' : '') : verdictText(diff.version);
  return [code(name), inline(stateText(template)), `${fine ? '✅' : '❌'} ${inline(asked)}`.trim()];
}

function changesOf({ name, diff }: TemplateDiff): string[] {
  if (diff === null || diff.changes.length === 0) return [];
  return [`#### ${code(name)}`, '', ...diff.changes.flatMap(changeLines), ''];
}

function changeLines({ bump, summary, why, lines }: Change): string[] {
  const line = `- **${bump}** ${inline(summary)}: ${inline(why)}`;
  if (lines === undefined) return [line];
  return [
    line,
    '',
    ...details('line by line', diffBlock(lines)).map((text) => (text === '' ? '' : `  ${text}`)),
  ];
}

function sharedFiles(shared: RegistryDiff['shared']): string[] {
  if (shared.length === 0) return [];
  const rows = shared.map(({ path, templates }) => [code(path), templates.map(code).join(', ')]);
  return ['#### Shared files', '', ...table(['file', 'templates made of it'], rows)];
}

function runsOf(reach: Reach[]): string[] {
  if (reach.length === 0) return [];
  const rows = reach.flatMap(({ name, revisions }) =>
    revisions.map(({ version, commit, open }) => [
      code(name),
      `${inline(version)} at ${code(commit.slice(0, 12))}`,
      String(open),
    ]),
  );
  if (rows.length === 0) return ['#### Runs', '', 'No open run of these templates is on the server.', ''];
  const waiting = reach.flatMap(({ waiting: runs }) =>
    runs.map(({ id, title, state }) => `- ${code(id)} ${inline(title)}: ${inline(state)}`),
  );
  return [
    '#### Runs',
    '',
    'They go on under the revision that they have; `stagewright upgrade` takes them along.',
    '',
    ...table(['template', 'revision', 'open runs'], rows),
    ...(waiting.length === 0 ? [] : details('runs that wait for a person', waiting)),
  ];
}
