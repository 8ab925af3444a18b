import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyFact, beginProgress, renderProgress, renderSummary } from '@stagewright/cli';
import type { RunFact, RunView, StageView } from '@stagewright/engine';
import { parse } from 'yaml';
import { ROOT } from '../support/root.ts';
import { terminalSvg } from './terminal-svg.ts';

const TOPIC = 'Keeping bees in a small garden';
const REMARK = 'Begin with where the hive stands.';
const CHAPTERS = 4;
const ann = { kind: 'user' as const, id: 'ann' };
const BEGIN = Date.parse('2026-01-01T10:00:00.000Z');

/** What happened to the run, by the second. The picture is what the live view makes of it. */
const BEFORE_REVIEW: Array<[number, RunFact]> = [
  [0, { type: 'stage.started', stage: 'discovery', round: 1, items: null }],
  [4, done('discovery', 'discovery', 1, 0.011)],
  [4, { type: 'stage.completed', stage: 'discovery', round: 1, output: null }],
  [4, { type: 'stage.started', stage: 'outline', round: 1, items: null }],
  [13, done('outline', 'outline', 1, 0.024)],
  [13, { type: 'approval.requested', stage: 'outline', round: 1, deadline: null }],
];
const AFTER_REVIEW: Array<[number, RunFact]> = [
  [
    38,
    {
      type: 'changes.requested',
      stage: 'outline',
      round: 2,
      actor: ann,
      comments: [{ body: REMARK }],
      tasks: ['outline'],
    },
  ],
  [47, done('outline', 'outline', 2, 0.026)],
  [60, { type: 'approval.requested', stage: 'outline', round: 2, deadline: null }],
  [61, { type: 'stage.completed', stage: 'outline', round: 2, output: null }],
  [
    61,
    {
      type: 'stage.started',
      stage: 'chapters',
      round: 1,
      items: Array.from({ length: CHAPTERS }, () => null),
    },
  ],
  ...Array.from({ length: CHAPTERS }, (_, index): [number, RunFact] => [
    84 + index,
    done('chapters', `chapters/${index}`, 1, 0.057),
  ]),
  [88, { type: 'stage.completed', stage: 'chapters', round: 1, output: null }],
  [88, { type: 'stage.started', stage: 'build', round: 1, items: null }],
  [90, done('build', 'build', 1, 0)],
  [90, { type: 'stage.completed', stage: 'build', round: 1, output: null }],
];

/** docs/images/demo.svg: a run of the shipped `ebook` template in a terminal, sent back once and then finished. */
export async function demoPicture(): Promise<string> {
  const view = await sampleView();
  const progress = beginProgress(view);
  const frameAt = (facts: Array<[number, RunFact]>, second: number, percent: number): string => {
    for (const [when, fact] of facts) applyFact(progress, fact, instant(when));
    return renderProgress(Object.assign(progress, { percent }), '', BEGIN + second * 1000);
  };
  const parked = frameAt(BEFORE_REVIEW, 38, 38);
  const finished = frameAt(AFTER_REVIEW, 90, 100);
  const text = [
    `\u001b[2m$\u001b[22m npx stagewright run ebook -i topic="${TOPIC}" -i chapters=${CHAPTERS} --out books`,
    '',
    parked,
    '',
    '\u001b[36m◆\u001b[39m  What do you decide?  \u001b[2mRequest changes\u001b[22m',
    `\u001b[36m◆\u001b[39m  What should be different?  \u001b[2m${REMARK}\u001b[22m`,
    '',
    finished,
    '',
    renderSummary(view),
    ...['epub', 'pdf'].map((ending) => `saved books/keeping-bees.${ending}`),
  ].join('\n');
  return terminalSvg(
    text,
    'A run of the ebook template: its outline is sent back with a remark, then the book is written and built',
  );
}

/** The run as it is at the end, with the stages of the template that ships. */
async function sampleView(): Promise<RunView> {
  const source = await readFile(join(ROOT, 'registry/templates/ebook/template.yaml'), 'utf8');
  const template = parse(source) as {
    name: string;
    version: string;
    stages: Array<{ id: string; name: string }>;
  };
  const { name, version } = template;
  const attempts: Record<string, number[]> = {
    outline: [2],
    chapters: Array.from({ length: CHAPTERS }, () => 1),
  };
  return {
    id: 'run',
    title: TOPIC,
    template: name,
    revision: { template: name, version, commit: '4f1d2c9ab07e', digest: '' },
    state: 'done',
    progress: 100,
    version: 1,
    inputs: {},
    outputs: {},
    error: null,
    spent: { inputTokens: 41_200, outputTokens: 23_800, usd: 0.289 },
    budgetUsd: null,
    placeholder: false,
    createdBy: ann,
    createdAt: instant(0),
    startedAt: instant(0),
    endedAt: instant(90),
    stages: template.stages.map((stage) => stageView(stage, attempts[stage.id] ?? [1])),
    artifacts: [],
    waitingFor: [],
  };
}

function stageView({ id, name }: { id: string; name: string }, attempts: number[]): StageView {
  return {
    id,
    name,
    mode: 'ai',
    sequence: 10,
    state: 'done',
    round: 1,
    tasks: attempts.map((attempt, index) => ({
      id,
      index,
      state: 'done',
      attempt,
      error: null,
      retryAt: null,
      artifacts: [],
    })),
    output: null,
    error: null,
    approval: null,
    changes: [],
    startedAt: null,
    endedAt: null,
  };
}

function done(stage: string, task: string, attempt: number, usd: number): RunFact {
  const usage = { inputTokens: 0, outputTokens: 0, usd };
  const rest = { output: null, artifacts: [], usage, inputDigest: null, reused: false };
  return { type: 'task.completed', stage, task, round: attempt, attempt, ...rest };
}

function instant(second: number): string {
  return new Date(BEGIN + second * 1000).toISOString();
}
