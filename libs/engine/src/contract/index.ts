export { checkSchema } from './check-schema.ts';
export type { SchemaProblem } from './contract.errors.ts';
export { schemaAt, shapeAt } from './schema-shape.ts';
