export { jsonTypesOf } from './cel-type.ts';
export { checkExpression, itemSchemaOf } from './check-expression.ts';
export type { CheckedExpression, Names, Resolution } from './check-expression.ts';
export { evaluate, evaluateValue, renderText } from './evaluate.ts';
export { ExpressionError } from './expression.errors.ts';
export type { ExpressionProblem } from './expression.errors.ts';
export { parseValue } from './parse-value.ts';
export { splitText } from './split-text.ts';
