export { runCli } from './cli.ts';
export { COMMAND_EXAMPLES } from './commands/examples.ts';
export { createProgram } from './program.ts';
export { renderProgress } from './render/live-view.ts';
export { applyFact, beginProgress } from './render/run-progress.ts';
export { renderSummary } from './render/run-summary.ts';
export type { Terminal } from './terminal.ts';
