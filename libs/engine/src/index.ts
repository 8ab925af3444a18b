export type * from './vocabulary.ts';
export * from './template/index.ts';
export type * from './run/fact.ts';
export type * from './run/event.ts';
export type * from './run/run.ts';
export type * from './run/view.ts';
export * from './errors/index.ts';
export * from './ports/index.ts';
