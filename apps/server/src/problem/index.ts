export { problemOf } from './problem-of.ts';
export { problemSchema, toProblem } from './problem.ts';
export type { Problem, ProblemFacts } from './problem.ts';
export { ProblemFilter } from './problem.filter.ts';
export { ProblemModule } from './problem.module.ts';
export { requestInvalid } from './request-invalid.ts';
export { RouteTable } from './route-table.ts';
export { sendProblem } from './send-problem.ts';
