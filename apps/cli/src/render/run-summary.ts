import type { RunView, RunWait } from '@stagewright/engine';
import { colours } from './colours.ts';
import { duration, money, shortCommit, size, table } from './format.ts';

/** A run for a person: head, stages, what it waits for, files. */
export function renderRun(view: RunView): string {
  const head = [
    `${colours.bold(view.title)}  ${stateText(view.state)}  ${view.progress} %`,
    `  run       ${view.id}`,
    `  revision  ${view.template} ${view.revision.version} at ${shortCommit(view.revision.commit)}, digest ${view.revision.digest.slice(0, 12)}`,
    `  spent     ${money(view.spent)}`,
  ];
  if (view.placeholder)
    head.push(`  ${colours.yellow('The text is a placeholder: it was made offline, without a model.')}`);
  if (view.error !== null)
    head.push(`  ${colours.red(`${view.error.code}: ${view.error.message}`)}`, ...hint(view.error.hint));
  return [...head, '', renderStages(view), ...renderWaits(view), ...renderArtifacts(view)].join('\n');
}

function renderStages(view: RunView): string {
  return table(
    view.stages.map((stage) => {
      const done = stage.tasks.filter(({ state }) => state === 'done').length;
      const tries = stage.tasks.reduce((sum, { attempt }) => sum + attempt, 0);
      return [
        `  ${stage.id}`,
        stage.state,
        `round ${stage.round}`,
        stage.tasks.length > 1 ? `${done}/${stage.tasks.length} tasks` : '',
        `${tries} attempts`,
      ];
    }),
  );
}

function renderWaits(view: RunView): string[] {
  const waits = view.waitingFor.map(waitText).filter((text) => text !== null);
  return waits.length === 0 ? [] : ['', ...waits.map((text) => `  ${colours.yellow('waits')}  ${text}`)];
}

/** What a run waits for, in words; null for timers that nobody can act on. */
export function waitText(wait: RunWait): string | null {
  switch (wait.kind) {
    case 'approval':
      return `${wait.stage}, round ${wait.round}: approve, or request changes`;
    case 'input':
      return `${wait.task}: input from ${wait.assignees.length === 0 ? 'any member' : wait.assignees.join(', ')}`;
    case 'review':
      return `${wait.task}, attempt ${wait.attempt}: somebody has to say what became of it: ${wait.message}`;
    case 'advance':
      return `${wait.stage}: next stage`;
    case 'budget':
      return `budget: $${wait.spent.toFixed(2)} of $${wait.usd} spent; resume with a higher one`;
    case 'timer':
      return wait.timer.kind === 'retry' ? `${wait.timer.task}: tried again at ${wait.timer.at}` : null;
  }
}

/** The files of a run, newest version of each name. */
export function renderArtifacts(view: RunView): string[] {
  if (view.artifacts.length === 0) return [];
  const rows = view.artifacts.map((file) => [
    `  ${file.name}`,
    size(file.size),
    `sha256 ${file.digest.slice(0, 16)}`,
    file.artifact,
  ]);
  return ['', table(rows)];
}

/** The closing lines of `run` and of the demo. */
export function renderSummary(view: RunView): string {
  const elapsed =
    view.endedAt === null
      ? []
      : [duration(Date.parse(view.endedAt) - Date.parse(view.startedAt ?? view.createdAt))];
  const attempts = view.stages.flatMap(({ tasks }) => tasks).reduce((sum, { attempt }) => sum + attempt, 0);
  return [
    `${stateText(view.state)}  ${view.template} ${view.revision.version} (${shortCommit(view.revision.commit)})`,
    [`${view.stages.length} stages`, `${attempts} attempts`, ...elapsed, money(view.spent)].join(', '),
    ...(view.error === null ? [] : [`${view.error.code}: ${view.error.message}`, ...hint(view.error.hint)]),
    ...(view.placeholder ? ['The text is a placeholder: it was made offline, without a model.'] : []),
  ].join('\n');
}

function hint(text: string | undefined): string[] {
  return text === undefined ? [] : [`  hint: ${text}`];
}

function stateText(state: RunView['state']): string {
  if (state === 'done') return colours.green(state);
  return state === 'failed' || state === 'cancelled' ? colours.red(state) : colours.yellow(state);
}

/** What can be done with a run that has not ended. */
export function renderNextSteps(
  view: RunView,
  { onServer, interrupted }: { onServer: boolean; interrupted: boolean },
): string {
  const waits = view.waitingFor.map(waitText).filter((text) => text !== null);
  const reason = waits.length === 0 ? `The run is ${view.state}.` : `The run waits: ${waits.join('; ')}.`;
  if (interrupted)
    return onServer
      ? `${reason} It goes on: stagewright show ${view.id}`
      : 'Interrupted: the run ended with this process.';
  if (onServer) return [reason, ...commandsFor(view).map((line) => `  ${line}`)].join('\n');
  return `${reason}\nWithout a server nobody can decide later: use --approve, or a terminal to be asked on.`;
}

function commandsFor(view: RunView): string[] {
  const commands = view.waitingFor.flatMap((wait) => {
    switch (wait.kind) {
      case 'approval':
        return [`stagewright approve ${view.id}`, `stagewright request-changes ${view.id} --comment "..."`];
      case 'input':
        return [`stagewright submit-input ${view.id} --input form.yaml`];
      case 'review':
        return [`stagewright resolve ${view.id} --outcome done|repeat|fail`];
      case 'advance':
        return [`stagewright next-stage ${view.id}`];
      case 'budget':
        return [`stagewright resume ${view.id} --budget ${Math.ceil(wait.spent * 2)}`];
      case 'timer':
        return [];
    }
  });
  return commands.length === 0 ? [`stagewright show ${view.id}`] : [...new Set(commands)];
}
