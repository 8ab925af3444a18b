import type { Digest, Instant, RunId, RunLock, StageId, TaskId } from '../vocabulary.ts';

/*
 * How a file came to be, in the terms of the field: an in-toto Statement (v1) about the file, whose predicate has the two
 * halves of SLSA provenance (what was asked for, and how it was carried out) and beside them what people decided.
 */

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'urn:stagewright:provenance:v1';
export const BUILD_TYPE = 'urn:stagewright:run:v1';

/** Plain data: the same file of the same run gives the same statement, whenever it is asked for once the run is done. */
export interface ProvenanceStatement {
  _type: typeof STATEMENT_TYPE;
  /** The file: its name and the digest of its bytes. */
  subject: Array<{ name: string; digest: { sha256: Digest } }>;
  predicateType: typeof PREDICATE_TYPE;
  predicate: ProvenancePredicate;
}

export interface ProvenancePredicate {
  buildDefinition: {
    buildType: typeof BUILD_TYPE;
    /** What was asked for. Inputs are named by their digest: a statement goes further than what it is about. */
    externalParameters: { template: string; version: string; inputs: { sha256: Digest } };
    /** What the run's lock made of it. */
    internalParameters: { models: RunLock['models']; placeholder: boolean };
    /** The revision, then every file of it by path, then the plugins by name. */
    resolvedDependencies: ResourceDescriptor[];
  };
  runDetails: {
    builder: { id: string; version: Record<string, string> };
    metadata: { invocationId: RunId; startedOn: Instant | null; finishedOn: Instant | null };
  };
  /** The task that wrote the file. */
  origin: Origin;
  /** Every task whose output was there when the file was written, in stage order: what it was made from. */
  steps: Step[];
  /** What people, and deadlines in their place, decided until the run was done; oldest first. */
  decisions: Decision[];
}

export interface ResourceDescriptor {
  name: string;
  digest?: { sha256?: Digest; gitCommit?: string };
  annotations?: Record<string, string>;
}

export interface Origin {
  stage: StageId;
  task: TaskId;
  round: number;
  attempt: number;
  /** Null when the attempt did not come to a good end. */
  inputDigest: Digest | null;
}

export interface Step {
  stage: StageId;
  task: TaskId;
  /** When and in which try the output was made. One that was reused names the try that made it. */
  round: number;
  attempt: number;
  finishedOn: Instant;
  inputDigest: Digest | null;
  outputDigest: Digest;
  /** Who answered; null for actions and forms. */
  provider: string | null;
  model: string | null;
  reused: boolean;
}

export interface Decision {
  at: Instant;
  decision:
    | 'started'
    | 'upgraded'
    | 'approved'
    | 'approved-by-deadline'
    | 'approval-kept'
    | 'changes-requested'
    | 'input-given'
    | 'input-kept';
  stage: StageId | null;
  round: number | null;
  /** Null where no person decided. */
  by: { kind: string; id: string } | null;
}
