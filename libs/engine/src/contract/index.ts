export { checkSchema } from './check-schema.ts';
export type { SchemaProblem } from './contract.errors.ts';
export { schemaAt, shapeAt } from './schema-shape.ts';
export { validateTrusted } from './validator.ts';
export { parseModelJson } from './model-json.ts';
export type { ModelJsonCaps } from './model-json.ts';
