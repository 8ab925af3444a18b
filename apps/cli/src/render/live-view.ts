import { createLogUpdate } from 'log-update';
import { colours } from './colours.ts';
import type { RunFact, StageState } from '@stagewright/engine';
import type { LiveEvent } from '../hosts/run-host.ts';
import { print, printable, usesColour } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { factLine } from './fact-line.ts';
import { duration, money } from './format.ts';
import { applyFact } from './run-progress.ts';
import type { RunProgress, StageProgress } from './run-progress.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/** Shows a run as it goes: redrawn in place on a terminal, one line per fact elsewhere. */
export interface LiveView {
  show(event: LiveEvent): void;
  /** Leaves the last picture standing, so that something else can be printed. */
  settle(): void;
  end(): void;
}

export function createLiveView(terminal: Terminal, progress: RunProgress): LiveView {
  return terminal.stdout.isTTY === true ? redrawn(terminal, progress) : lines(terminal, progress);
}

function lines(terminal: Terminal, progress: RunProgress): LiveView {
  return {
    show(event) {
      applyFact(progress, event.fact, event.at);
      const line = factLine(event.fact);
      if (line !== null) print(terminal, `${event.at}  ${line}`);
    },
    settle: () => undefined,
    end: () => undefined,
  };
}

function redrawn(terminal: Terminal, progress: RunProgress): LiveView {
  const update = createLogUpdate(terminal.stdout as NodeJS.WriteStream);
  let frame = 0;
  const withColour = usesColour(terminal);
  const draw = (): void => {
    const picture = renderProgress(progress, FRAMES[frame % FRAMES.length] ?? '', Date.now());
    update(printable(picture, withColour));
  };
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const settle = (): void => {
    stop();
    draw();
    update.done();
  };
  return {
    show(event: { fact: RunFact; at: string } & LiveEvent) {
      applyFact(progress, event.fact, event.at);
      Object.assign(progress, { state: event.state, percent: event.progress });
      timer ??= setInterval(() => {
        frame += 1;
        draw();
      }, FRAME_MS);
    },
    settle,
    end: settle,
  };
}

/** The picture of a run: a head line, then a line for each stage. */
export function renderProgress(progress: RunProgress, spinner: string, nowMs: number): string {
  const width = Math.max(...progress.stages.map(({ name }) => name.length), 0);
  const elapsed = duration(nowMs - Date.parse(progress.startedAt));
  const head = `${colours.bold(progress.title)}  ${progress.percent} %  ${elapsed}  ${money(progress.spent)}`;
  return [head, ...progress.stages.map((stage) => stageLine(stage, { spinner, width, nowMs }))].join('\n');
}

function stageLine(stage: StageProgress, at: { spinner: string; width: number; nowMs: number }): string {
  const count = stage.tasks > 1 ? `${stage.tasksDone} of ${stage.tasks}` : '';
  const round = stage.round > 1 ? `round ${stage.round}` : '';
  const end = stage.endedAt === null ? at.nowMs : Date.parse(stage.endedAt);
  const time = stage.startedAt === null ? '' : duration(end - Date.parse(stage.startedAt));
  const facts = [count, round, time, stage.note].filter((text) => text !== '').join('  ');
  const name = `  ${symbol(stage.state, at.spinner)} ${stage.name}`;
  return facts === '' ? name : `${name}${' '.repeat(at.width - stage.name.length + 2)}${colours.dim(facts)}`;
}

function symbol(state: StageState, spinner: string): string {
  switch (state) {
    case 'done':
      return colours.green('✔');
    case 'failed':
      return colours.red('✖');
    case 'running':
      return colours.cyan(spinner);
    case 'approval_pending':
    case 'input_pending':
    case 'ready':
      return colours.yellow('●');
    case 'skipped':
    case 'cancelled':
      return colours.dim('–');
    case 'pending':
      return colours.dim('○');
  }
}
