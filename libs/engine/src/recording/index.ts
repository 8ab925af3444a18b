export { caseOfRun } from './case-of-run.ts';
export type { RunOnRecord } from './case-of-run.ts';
export { caseFileName, caseText } from './case-text.ts';
export { withRecordings } from './record-again.ts';
export { peopleIn, redactCase } from './redact-case.ts';
export type { Redacted, RedactionKind, RedactOptions } from './redact-case.ts';
