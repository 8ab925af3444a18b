export type * from './vocabulary.ts';
export * from './template/index.ts';
export { evaluate, evaluateValue, ExpressionError, renderText } from './expression/index.ts';
export * from './run/index.ts';
export * from './errors/index.ts';
export * from './ports/index.ts';
export * from './prompt/index.ts';
export * from './contract/index.ts';
export * from './execution/index.ts';
