import type { Range, RunPreview, StagePreview } from '@stagewright/engine';
import { colours } from './colours.ts';
import { shortCommit, table } from './format.ts';

/** What a verb would do, for a person: a line for each stage, then what it is likely to cost. */
export function renderPreview(preview: RunPreview): string {
  const { template, version, commit } = preview.revision;
  const rows = preview.stages.map((stage) => [
    `  ${stage.stage}`,
    verdictText(stage),
    APPROVALS[stage.approval],
    costText(stage),
  ]);
  return [
    `${colours.bold(preview.verb)}  under ${template} ${version} at ${shortCommit(commit)}`,
    '',
    table(rows),
    ...failures(preview),
    '',
    `  likely cost  ${rangeText(preview.usd, dollarText)}`,
    `  tokens       ${rangeText(preview.tokens, String)}`,
    '  Nothing was decided: leave out --dry-run to do it.',
  ].join('\n');
}

const APPROVALS: Record<StagePreview['approval'], string> = {
  none: '',
  stands: 'approval stands',
  again: 'to be approved again',
  depends: 'to be approved again, unless it comes out the same',
};

function verdictText({ verdict, tasks, dependsOn }: StagePreview): string {
  switch (verdict) {
    case 'keep':
      return 'is kept';
    case 'reuse':
      return 'unchanged, is reused';
    case 'make':
      return makeText(tasks);
    case 'ask':
      return 'asks a person';
    case 'depends':
      return `depends on ${dependsOn.join(', ')}`;
    case 'skip':
      return 'is skipped';
    case 'wait':
      return 'waits as before';
    case 'fail':
      return 'fails';
  }
}

function makeText(tasks: StagePreview['tasks']): string {
  if (tasks === null || tasks.make + tasks.reuse <= 1) return 'is made again';
  const reused = tasks.reuse === 0 ? '' : `, ${tasks.reuse} reused`;
  return `${tasks.make} tasks are made again${reused}`;
}

function costText({ verdict, usd }: StagePreview): string {
  const costs = verdict === 'make' || verdict === 'depends';
  return costs && usd.most !== 0 ? rangeText(usd, dollarText) : '';
}

/** What nobody knows is said, and never shown as zero. */
function rangeText({ least, most }: Range, text: (value: number) => string): string {
  if (most === null) return least === 0 ? 'not known' : `${text(least)} or more, how much is not known`;
  return least === most ? text(most) : `${text(least)} to ${text(most)}`;
}

function dollarText(usd: number): string {
  return `$${usd.toFixed(usd > 0 && usd < 0.01 ? 4 : 2)}`;
}

function failures({ stages }: RunPreview): string[] {
  return stages.flatMap(({ stage, error }) =>
    error === null ? [] : [`  ${colours.red(`${stage}: ${error.code}: ${error.message}`)}`],
  );
}
