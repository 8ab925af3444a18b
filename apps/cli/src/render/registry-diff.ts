import type { Change, RegistryDiff, TemplateDiff, VersionVerdict } from '@stagewright/engine/template';
import type { Reach } from '../registry/reach-of.ts';
import { colours } from './colours.ts';
import { renderFinding } from './findings.ts';

/** What became of the templates of a registry, for a person: changes by class, what the version has to be, who is touched. */
export function renderRegistryDiff({ templates, shared }: RegistryDiff, reach: Reach[]): string {
  if (templates.length === 0) return 'No template is different.';
  const parts = templates.map((template) =>
    [...renderTemplate(template), ...renderReach(reach.find(({ name }) => name === template.name))].join(
      '\n',
    ),
  );
  const files = shared.map(
    ({ path, templates: users }) => `${colours.bold(path)} is part of ${users.join(', ')}`,
  );
  const few = templates.filter(({ diff }) => diff !== null && !diff.version.enough).length;
  const broken = templates.filter(({ state }) => state === 'broken').length;
  return [
    parts.join('\n\n'),
    ...(files.length === 0 ? [] : ['', ...files]),
    '',
    `${plural(templates.length, 'template')} different: ${few} with too low a version, ${broken} broken.`,
  ].join('\n');
}

/** What happened to it, in a few words. */
export function stateText({ state, versions, startedBy }: TemplateDiff): string {
  const starters = startedBy.length === 0 ? '' : `; started by ${startedBy.join(', ')}`;
  switch (state) {
    case 'added':
      return `new, ${versions.to ?? ''}${starters}`;
    case 'removed':
      return `gone${starters}`;
    case 'mended':
      return `${versions.to ?? ''}, was broken before: there is nothing to compare it with`;
    case 'broken':
      return 'broken';
    case 'changed':
      return `${versions.from ?? ''} → ${versions.to ?? ''}${starters}`;
  }
}

/** What the changes ask of the version, and whether they got it. */
export function verdictText({ needed, least, enough, from, to }: VersionVerdict): string {
  if (needed === null) return enough ? 'no other version' : `the version went back: ${from} → ${to}`;
  const asked = `a ${needed} version, at least ${least}`;
  return enough ? asked : `${asked}: it is too low`;
}

function renderTemplate(template: TemplateDiff): string[] {
  const { diff, findings } = template;
  const head = `${colours.bold(template.name)}  ${stateText(template)}`;
  if (diff === null) return [head, ...findings.map(renderFinding)];
  const verdict = verdictText(diff.version);
  return [
    `${head}  ${diff.version.enough ? colours.green(verdict) : colours.red(verdict)}`,
    ...diff.changes.flatMap(renderChange),
  ];
}

function renderChange({ bump, summary, why, lines }: Change): string[] {
  const paint = { major: colours.red, minor: colours.yellow, patch: colours.dim }[bump];
  const text = (lines ?? [])
    .filter(({ sign }) => sign !== ' ')
    .map(({ sign, text: line }) =>
      sign === '-' ? colours.red(`         - ${line}`) : colours.green(`         + ${line}`),
    );
  return [`  ${paint(bump.padEnd(5))}  ${summary}`, `         ${colours.dim(why)}`, ...text];
}

function renderReach(reach: Reach | undefined): string[] {
  if (reach === undefined) return [];
  const runs = reach.revisions.map(
    ({ version, commit, open }) => `  ${plural(open, 'open run')} on ${version} at ${commit.slice(0, 12)}`,
  );
  const waiting = reach.waiting.map(({ id, title, state }) => `    ${id}  ${state}  ${title}`);
  return runs.length === 0 ? ['  no open runs on the server'] : [...runs, ...waiting];
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
