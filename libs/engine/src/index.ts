export type * from './vocabulary.ts';
export type * from './template/plan.ts';
export type * from './run/fact.ts';
export type * from './run/event.ts';
export type * from './run/run.ts';
export type * from './run/view.ts';
export * from './errors/index.ts';
export * from './ports/index.ts';
