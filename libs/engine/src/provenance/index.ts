export { provenanceOf } from './provenance-of.ts';
export type { ProvenanceQuestion } from './provenance-of.ts';
export type { ProvenanceStatement } from './statement.ts';
